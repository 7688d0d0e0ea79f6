import { createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { text as textOf } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { memoryReplayStore } from '@countersign/core'
import * as onExpress from '@countersign/express'
import * as onKoa from '@countersign/koa'
import {
  answer,
  before,
  chunk,
  FRAMEWORKS,
  greet,
  guard,
  jsonPost,
  JSON_TYPE,
  NODE_FRAMEWORKS,
  NOW,
  openRaw,
  outcomesOf,
  parseBody,
  portals,
  requestBytes,
  running,
  SECRET,
  sendRaw,
  type RawHeader,
  type RawRequest,
  type Step,
} from '../src'
import { KEEPING } from './parsers'
import { quiet } from './quiet'

quiet()

/** A fdback request with a valid signature over any bytes. */
function signedOver(body: Uint8Array, ...more: readonly RawHeader[]) {
  const signature = createHmac('sha256', SECRET.fdback).update(`${NOW}.`).update(body).digest('hex')
  const headers: readonly RawHeader[] = [
    ['x-workspace-id', 'ws_demo'],
    ['x-timestamp', String(NOW)],
    ['x-signature', signature],
    ...(more.length > 0 ? more : [JSON_TYPE]),
  ]
  return { method: 'POST', target: '/', headers, body }
}

/** A valid body of this many bytes. */
function ofSize(bytes: number): Buffer {
  return Buffer.from('{"email":"ada@example.com"}'.padEnd(bytes, ' '))
}

function inPieces(request: ReturnType<typeof signedOver>): RawRequest {
  const { body } = request
  const count = Math.ceil(body.length / 1_000)
  const pieces = Array.from({ length: count }, (_, index) =>
    body.subarray(index * 1_000, (index + 1) * 1_000),
  )
  return { ...request, body: pieces }
}

const json = ofSize(100)
const utf16 = Buffer.from('{"email":"ada@example.com"}', 'utf16le')
const withCharset = (charset: string): RawHeader => [
  'Content-Type',
  `application/json; charset=${charset}`,
]

/** A promise, and the function that resolves it. */
function deferred<Value>() {
  let resolve: (value: Value) => void = () => {}
  const promise = new Promise<Value>((done) => (resolve = done))
  return { promise, resolve }
}

const TABLE: readonly (readonly [string, string, RawRequest])[] = [
  ['of 16,384 bytes', '200', signedOver(ofSize(16_384))],
  ['of 16,384 bytes in chunks', '200', inPieces(signedOver(ofSize(16_384)))],
  ['of 16,385 bytes', '413 body_too_large', signedOver(ofSize(16_385))],
  ['of 16,385 bytes in chunks', '413 body_too_large', inPieces(signedOver(ofSize(16_385)))],
  ['that is empty', '401 token_malformed', signedOver(Buffer.alloc(0))],
  ['that is missing', '401 token_malformed', { ...signedOver(Buffer.alloc(0)), body: undefined }],
  [
    'that is compressed',
    '415 unsupported_encoding',
    signedOver(gzipSync(json), ['Content-Encoding', 'GZIP']),
  ],
  ['labelled as UTF-16', '415 unsupported_encoding', signedOver(utf16, withCharset('utf-16'))],
  ['labelled as Latin-1', '415 unsupported_encoding', signedOver(json, withCharset('iso-8859-1'))],
  ['labelled as UTF-8', '200', signedOver(json, withCharset('"UTF-8"; a=b'))],
  ['in UTF-16 without a label', '401 token_malformed', signedOver(utf16)],
]

describe.each(FRAMEWORKS)('a body on $name', (framework) => {
  it.each(TABLE)('%s is answered with %s', async (_, expected, request) => {
    expect(await outcomesOf(framework, portals().fdback, {}, [request])).toEqual([expected])
  })
})

describe.each(NODE_FRAMEWORKS)('a body that was kept on $name', (framework) => {
  it.each(KEEPING[framework.family])('by $name has the same limits', async ({ steps }) => {
    const parsed = [...steps.slice(0, -1), guard(portals().fdback), greet]
    const compressed = signedOver(json, JSON_TYPE, ['Content-Encoding', 'gzip'])
    const requests = [16_384, 16_385].map((size) => signedOver(ofSize(size)))
    const statuses = await running(framework, parsed, async (port) => {
      const all = []
      for (const request of [...requests, { ...compressed, body: gzipSync(json) }]) {
        all.push((await sendRaw(port, request)).status)
      }
      return all
    })
    expect(statuses).toEqual([200, 413, 415])
  })
})

describe.each(NODE_FRAMEWORKS)('the connection of a guarded POST on $name', (framework) => {
  const forward = { rejections: 'forward', now: () => NOW, establish: () => undefined } as const

  it.each<[string, Step]>([
    ['guard', guard(portals().fdback, { rejections: 'forward' })],
    [
      'exchange',
      {
        express: () => onExpress.exchangeSignedUser(portals().fdback, forward),
        koa: () => onKoa.exchangeSignedUser(portals().fdback, forward),
      },
    ],
  ])('is closed, too, where the %s forwards that a body is too large', async (_name, step) => {
    const { body: _, headers, ...head } = signedOver(ofSize(1))
    await running(framework, [step, greet], async (port) => {
      const connection = await openRaw(port)
      const chunked = [...headers, ['Transfer-Encoding', 'chunked'] as const]
      connection.write(requestBytes({ ...head, headers: chunked }))
      connection.write(Buffer.concat(['x'.repeat(16_385), ''].map(chunk))) // Express waits for the end
      expect(await textOf(connection)).toMatch(/^HTTP\/1\.1 413 [^]*\r\nconnection: close\r\n/i)
    })
  })

  it('is closed as soon as a body is too large', async () => {
    const { body: _, headers, ...head } = signedOver(ofSize(1))
    await running(framework, [guard(portals().fdback), greet], async (port) => {
      for (const framing of ['Transfer-Encoding: chunked', 'Content-Length: 16385']) {
        const [name = '', value = ''] = framing.split(': ')
        const connection = await openRaw(port)
        connection.write(requestBytes({ ...head, headers: [...headers, [name, value]] }))
        if (value === 'chunked') connection.write(chunk('x'.repeat(16_385)))
        expect(await textOf(connection)).toMatch(/^HTTP\/1\.1 413 [^]*\r\nconnection: close\r\n/i)
      }
    })
  })

  it.each([
    ['ignores the body', []],
    ['parses the body', parseBody],
  ])('serves the next request where the application %s', async (_, parsers) => {
    const steps = [guard(portals().fdback), ...parsers, greet]
    await running(framework, steps, async (port) => {
      const connection = await openRaw(port)
      const post = await jsonPost()
      const last = { ...post, headers: [...post.headers, ['Connection', 'close'] as const] }
      const requests = [post, { ...post, body: [...post.body] }, { target: '/' }, last]
      connection.write(Buffer.concat(requests.map(requestBytes))) // pipelined
      const lines = (await textOf(connection)).matchAll(/HTTP\/1\.1 (\d+)/g)
      const statuses = Array.from(lines, ([, status]) => Number(status))
      expect(statuses).toEqual([200, 200, 401, 200])
    })
  })

  it('is told to continue by `Expect: 100-continue` before it sends the body', async () => {
    const { body, headers, ...head } = await jsonPost()
    const more: RawHeader[] = [
      ['Expect', '100-continue'],
      ['Connection', 'close'],
      ['Content-Length', String(body.length)],
    ]
    await running(framework, [guard(portals().fdback), greet], async (port) => {
      const connection = await openRaw(port)
      connection.write(requestBytes({ ...head, headers: [...headers, ...more] }))
      connection.write(body)
      expect(await textOf(connection)).toMatch(/^HTTP\/1\.1 100 .*\r\n\r\nHTTP\/1\.1 200 /)
    })
  })

  it('uses no credential and calls no handler where the client aborts', async () => {
    const { body, ...post } = await jsonPost()
    const half = body.slice(0, 9)
    const length: RawHeader = ['Content-Length', String(body.length)]
    const chunked: RawHeader = ['Transfer-Encoding', 'chunked']
    for (const [framing, piece] of [
      [length, half],
      [chunked, chunk(half)],
      [chunked, chunk(body)],
    ] as const) {
      const replayStore = memoryReplayStore()
      const claim = jest.spyOn(replayStore, 'claim')
      const handled = jest.fn()
      const began = deferred<IncomingMessage>()
      const refused = deferred<string>()
      const onRejected = ({ code }: { code: string }): void => refused.resolve(code)
      const guarded = guard(portals().fdback, { replayStore, onRejected })
      await running(framework, [before(began.resolve), guarded, answer(handled)], async (port) => {
        const connection = await openRaw(port)
        connection.write(requestBytes({ ...post, headers: [...post.headers, framing] }))
        connection.write(piece)
        await began.promise
        connection.destroy()
        expect(await refused.promise).toBe('token_malformed')
      })
      expect([handled.mock.calls, claim.mock.calls]).toEqual([[], []])
    }
  })
})
