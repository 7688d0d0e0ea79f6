import { createHmac } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { chunk, openRaw, requestBytes, sendRaw, type RawRequest } from '../src'
import { PARSERS } from './body-parsers'
import { ask, FRAMEWORKS, guard, greet, judge, running } from './transport-frameworks'
import { jsonPost, JSON_TYPE, NOW, portals, SECRET } from './transport-kit'

/** A fdback request over any bytes. */
function signedOver(
  body: Uint8Array,
  type = JSON_TYPE,
): RawRequest & { readonly body: Uint8Array } {
  const signature = createHmac('sha256', SECRET.fdback).update(`${NOW}.`).update(body).digest('hex')
  const headers = [
    ['x-workspace-id', 'ws_demo'],
    ['x-timestamp', String(NOW)],
    ['x-signature', signature],
    type,
  ] as const
  return { method: 'POST', target: '/', headers, body }
}

/** A right body of just so many bytes. */
function ofSize(bytes: number): Buffer {
  return Buffer.from('{"email":"ada@example.com"}'.padEnd(bytes, ' '))
}

function piecesOf(body: Uint8Array, size: number): Buffer[] {
  const pieces = []
  for (let at = 0; at < body.length; at += size)
    pieces.push(Buffer.from(body.subarray(at, at + size)))
  return pieces
}

describe.each(FRAMEWORKS)('a body on the wire, on $name', (framework) => {
  const fdback = () => ({ portal: portals().fdback })

  it('is accepted up to 16 384 bytes, however it is framed', async () => {
    const [fits, over] = [signedOver(ofSize(16_384)), signedOver(ofSize(16_385))]
    const outcomes = await judge(
      framework,
      fdback(),
      fits,
      { ...fits, body: piecesOf(fits.body, 1_000) },
      over,
      { ...over, body: piecesOf(over.body, 1_000) },
    )
    expect(outcomes).toEqual(['200', '200', '413 body_too_large', '413 body_too_large'])
  })

  it('is held to the same limit where a parser has kept it', async () => {
    const { step } = PARSERS[framework.family].keeping[0]
    const statuses = await running(
      framework,
      [step, guard(portals().fdback), greet],
      async (port) => [
        (await sendRaw(port, signedOver(ofSize(16_384)))).status,
        (await sendRaw(port, signedOver(ofSize(16_385)))).status,
      ],
    )
    expect(statuses).toEqual([200, 413])
  })

  it('is checked before it is understood where it is empty', async () => {
    const empty = signedOver(Buffer.alloc(0))
    const forged = { ...empty, headers: (await jsonPost()).headers }
    const bare = { ...empty, body: undefined }
    const requests = [empty, bare, { ...empty, body: [] }, forged, { ...forged, body: [] }]
    expect(await judge(framework, fdback(), ...requests)).toEqual([
      '401 token_malformed',
      '401 token_malformed',
      '401 token_malformed',
      '401 signature_invalid',
      '401 signature_invalid',
    ])
  })

  it('TP-31 is refused when it is compressed, whoever reads it first', async () => {
    const { headers, body } = await jsonPost()
    const compressed = {
      method: 'POST',
      target: '/',
      headers: [...headers, ['Content-Encoding', 'gzip']],
      body: gzipSync(body),
    } as const
    const overCompressed = signedOver(gzipSync(body))
    const signedCompressed = {
      ...overCompressed,
      headers: [...(overCompressed.headers ?? []), ['Content-Encoding', 'GZIP']],
    } as const
    expect(await judge(framework, fdback(), compressed, signedCompressed)).toEqual([
      '415 unsupported_encoding',
      '415 unsupported_encoding',
    ])
    for (const { step } of PARSERS[framework.family].keeping) {
      const steps = [step, guard(portals().fdback), greet]
      expect((await ask(framework, steps, compressed)).status).toBe(415)
    }
  })

  it('TP-32 is refused in another character set, and never decoded into ours', async () => {
    const utf16 = Buffer.from('{"email":"ada@example.com"}', 'utf16le')
    const types = ['utf-16', '"UTF-16LE"', 'iso-8859-1'].map(
      (charset) => ['Content-Type', `application/json; charset=${charset}`] as const,
    )
    const ours = ['Content-Type', 'application/json; a=b; charset="UTF-8"'] as const
    const outcomes = await judge(
      framework,
      fdback(),
      ...types.map((type) => signedOver(utf16, type)),
      signedOver(utf16),
      signedOver(ofSize(100), ours),
    )
    const unsupported = '415 unsupported_encoding'
    expect(outcomes).toEqual([...types.map(() => unsupported), '401 token_malformed', '200'])
  })

  it('TP-33 is cut off at 16 KiB while it grows, and the connection with it', async () => {
    await running(framework, [guard(portals().fdback), greet], async (port) => {
      const { headers = [] } = signedOver(ofSize(1))
      const connection = await openRaw(port)
      const chunked = [...headers, ['Transfer-Encoding', 'chunked']] as const
      connection.write(requestBytes({ method: 'POST', target: '/', headers: chunked }))
      for (let kibibytes = 0; kibibytes < 16; kibibytes++) connection.write(chunk(ofSize(1_024)))
      connection.write(chunk('x'))
      const text = await connection.untilClosed()
      expect(text).toMatch(/^HTTP\/1\.1 413 /)
      expect(text.toLowerCase()).toContain('connection: close')
    })
  })

  it('TP-33 is not even waited for where it announces more than 16 KiB', async () => {
    await running(framework, [guard(portals().fdback), greet], async (port) => {
      const { headers = [] } = signedOver(ofSize(1))
      const connection = await openRaw(port)
      const announced = [...headers, ['Content-Length', '16385']] as const
      connection.write(requestBytes({ method: 'POST', target: '/', headers: announced }))
      expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 413 /)
    })
  })
})
