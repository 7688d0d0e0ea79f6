import type { IncomingMessage } from 'node:http'
import { memoryReplayStore } from '@countersign/core'
import { chunk, openRaw, requestBytes, type RawRequest } from '../src'
import { answer, before, FRAMEWORKS, guard, greet, running } from './transport-frameworks'
import { parseBody } from './transport-frameworks'
import { featkitQuery, formPost, jsonPost, portals } from './transport-kit'

/** A promise with its resolver outside. */
function signal<Value = void>() {
  let resolve: (value: Value) => void = () => {}
  const promise = new Promise<Value>((done) => (resolve = done))
  return { promise, resolve }
}

/** The head of a request whose body is still to come. */
function headOf(
  { body: _, headers = [], ...request }: RawRequest,
  framing: readonly [string, string],
) {
  return requestBytes({ ...request, headers: [...headers, framing] })
}

const CHUNKED = ['Transfer-Encoding', 'chunked'] as const

describe.each(FRAMEWORKS)('the connection of a guarded POST, on $name', (framework) => {
  const posts = [jsonPost, formPost]

  it.each([
    ['never reads the body', []],
    ['parses the body', parseBody],
  ])('goes on with the next request where the application %s', async (_how, parsers) => {
    const { featkit, fdback } = portals()
    const steps = [guard([featkit, fdback]), ...parsers, greet]
    await running(framework, steps, async (port) => {
      const connection = await openRaw(port)
      const requests: RawRequest[] = [{ target: `/?${await featkitQuery()}` }]
      for (const post of posts) {
        const request = await post()
        requests.push(request, { ...request, body: [...request.body] }, { target: '/' })
      }
      const statuses = []
      for (const request of requests) {
        connection.write(requestBytes(request))
        statuses.push((await connection.answer(request.method)).status)
      }
      connection.abort()
      expect(statuses).toEqual([200, 200, 200, 401, 200, 200, 401])
    })
  })

  it.each([
    ['never reads the bodies', []],
    ['parses the bodies', parseBody],
  ])('answers pipelined requests in order where the application %s', async (_how, parsers) => {
    const steps = [guard(portals().fdback), ...parsers, answer(({ body }) => ({ body }))]
    await running(framework, steps, async (port) => {
      const [json, form] = [await jsonPost(), await formPost()]
      const requests = [json, form, { target: '/' }, { ...json, body: [...json.body] }]
      const connection = await openRaw(port)
      connection.write(Buffer.concat(requests.map(requestBytes)))
      const answers = []
      for (const _request of requests) answers.push(await connection.answer())
      connection.abort()
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 401, 200])
      const sizes = answers.map(({ body }) => body.includes('Ada'))
      const read = parsers.length > 0
      expect(sizes).toEqual([read, read, false, read])
    })
  })

  it('is told to go on by `Expect: 100-continue`, and then sends the body', async () => {
    const { body, ...head } = await jsonPost()
    const headers = [...head.headers, ['Expect', '100-continue'], ['Connection', 'close']] as const
    await running(framework, [guard(portals().fdback), greet], async (port) => {
      const connection = await openRaw(port)
      connection.write(headOf({ ...head, headers }, ['Content-Length', String(body.length)]))
      connection.write(body)
      expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 100 .*\r\n\r\nHTTP\/1\.1 200 /)
    })
  })

  it.each(['with a Content-Length', 'chunked'])('may bring the body later, %s', async (framing) => {
    const began = signal<IncomingMessage>()
    const post = await jsonPost()
    const chunked = framing === 'chunked'
    const length = ['Content-Length', String(post.body.length)] as const
    const steps = [before(began.resolve), guard(portals().fdback), ...parseBody]
    await running(framework, [...steps, answer(({ body }) => ({ body }))], async (port) => {
      const connection = await openRaw(port)
      connection.write(headOf(post, chunked ? CHUNKED : length))
      const req = await began.promise
      for (const piece of [post.body.slice(0, 9), post.body.slice(9)]) {
        const arrived = new Promise((resolve) => req.once('readable', resolve))
        connection.write(chunked ? chunk(piece) : piece)
        await arrived
      }
      if (chunked) connection.write('0\r\n\r\n')
      const { status, body } = await connection.answer('POST')
      connection.abort()
      expect([status, JSON.parse(body)]).toEqual([200, { body: JSON.parse(post.body) as object }])
    })
  })

  it('TP-34 uses nothing up and reaches no handler where the client goes away mid-body', async () => {
    const post = await jsonPost()
    const length = ['Content-Length', String(post.body.length)] as const
    const half = post.body.slice(0, 9)
    const unfinished = [
      [headOf(post, length), Buffer.from(half)],
      [headOf(post, CHUNKED), chunk(half)],
      [headOf(post, CHUNKED), chunk(post.body)],
      [headOf(post, length)],
    ].map((bytes) => Buffer.concat(bytes))
    const replayStore = memoryReplayStore()
    const claim = jest.spyOn(replayStore, 'claim')
    for (const bytes of unfinished) {
      const [began, refused] = [signal<IncomingMessage>(), signal<string>()]
      const handled = jest.fn()
      const guarded = guard(portals().fdback, {
        replayStore,
        onRejected: ({ code }) => refused.resolve(code),
      })
      await running(framework, [before(began.resolve), guarded, answer(handled)], async (port) => {
        const connection = await openRaw(port)
        connection.write(bytes)
        await began.promise
        connection.abort()
        expect(await refused.promise).toBe('token_malformed')
      })
      expect(handled).not.toHaveBeenCalled()
    }
    expect(claim).not.toHaveBeenCalled()
  })

  it('TP-34 waits for nothing where the client was gone before the guard looked', async () => {
    const refused = signal<string>()
    const gone = before((req) => new Promise<void>((resolve) => void req.once('close', resolve)))
    const guarded = guard(portals().fdback, { onRejected: ({ code }) => refused.resolve(code) })
    const post = await jsonPost()
    const began = signal<IncomingMessage>()
    await running(framework, [before(began.resolve), gone, guarded, greet], async (port) => {
      const connection = await openRaw(port)
      connection.write(headOf(post, CHUNKED))
      await began.promise
      connection.abort()
      expect(await refused.promise).toBe('token_malformed')
    })
  })
})
