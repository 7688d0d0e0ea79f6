import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { connect, constants, createServer, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'
import { setImmediate as nextRound } from 'node:timers/promises'
import { BODY_DEADLINE, readOnce } from '../../src/node/body'
import { head, overHttp, post } from './over-http'

const CHUNKED = head(['Transfer-Encoding: chunked'])
const gone = expect.objectContaining({ code: 'token_malformed', detail: 'the client went away' })

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await nextRound()
}

describe('readOnce', () => {
  it('reads the body and puts it back', async () => {
    const seen = await overHttp(post('sent'), async (req) => [
      (await readOnce(req, 4)).toString(),
      await textOf(req),
    ])
    expect(seen).toEqual(['sent', 'sent'])
  })

  it('reads what has arrived and what is still to come', async () => {
    const seen = await overHttp(`${CHUNKED}2\r\nse\r\n`, async (req, client) => {
      await until(() => req.readableLength === 2)
      const bytes = readOnce(req, 4)
      client.write('2\r\nnt\r\n')
      client.write('0\r\n\r\n')
      return [(await bytes).toString(), await textOf(req)]
    })
    expect(seen).toEqual(['sent', 'sent'])
  })

  it.each<readonly [string, string, (req: IncomingMessage) => unknown]>([
    ['before it is complete', '0\r\n\r\n', () => undefined],
    ['when it is complete', '0\r\n\r\n', (req) => until(() => req.complete)],
    ['and ends later', '', () => undefined],
  ])('leaves an empty body unread that is asked for %s', async (_when, end, wait) => {
    const seen = await overHttp(CHUNKED + end, async (req, client) => {
      await wait(req)
      const bytes = readOnce(req, 4)
      if (end === '') await nextRound().then(() => client.write('0\r\n\r\n'))
      return [(await bytes).toString(), req.readableEnded, await textOf(req)]
    })
    expect(seen).toEqual(['', false, ''])
  })

  it('removes its listeners', async () => {
    const events = ['readable', 'close', 'error', 'end', 'data']
    const left = await overHttp(post('sent'), async (req) => {
      const before = events.map((event) => req.listenerCount(event))
      await readOnce(req, 4)
      return [before, events.map((event) => req.listenerCount(event))]
    })
    expect(left[1]).toEqual(left[0])
  })

  it('rejects when the client goes away, now or before', async () => {
    const now = overHttp(CHUNKED, (req, client) => {
      const bytes = readOnce(req, 4)
      client.destroy()
      return bytes
    })
    await expect(now).rejects.toEqual(gone)
    const before = overHttp(CHUNKED, async (req, client) => {
      client.destroy()
      await new Promise((resolve) => req.once('close', resolve))
      return readOnce(req, 4)
    })
    await expect(before).rejects.toEqual(gone)
  })

  it('rejects at the first byte above the limit, and puts all back', async () => {
    const seen = await overHttp(`${CHUNKED}4\r\nsent\r\n`, async (req, client) => {
      const bytes = readOnce(req, 4).catch((error: unknown) => error)
      client.write('1\r\n!\r\n')
      const failure = await bytes
      client.write('4\r\nmore\r\n0\r\n\r\n')
      return [failure, await textOf(req)]
    })
    const tooLarge = expect.objectContaining({ code: 'body_too_large', status: 413 })
    expect(seen).toEqual([tooLarge, 'sent!more'])
  })

  it('knows by its length the end of a body that Node has not parsed', async () => {
    const req = Object.assign(Readable.from([Buffer.from('se'), Buffer.from('nt')]), {
      headers: { 'content-length': '4' },
      httpVersionMajor: 1,
      complete: false, // as in requests that are injected into a handler
    })
    expect(String(await readOnce(req as unknown as IncomingMessage, 4))).toBe('sent')
    expect(await textOf(req)).toBe('sent')
  })
})

it.each([
  ['that is longer than its limit', {}],
  ['that has its length and no end', { 'content-length': '5' }],
])('a body over HTTP/2 %s is not waited for after the response', async (_which, headers) => {
  const server = createServer((req, res) => {
    const respond = () => res.end('done')
    readOnce(req as unknown as IncomingMessage, 'content-length' in headers ? 5 : 4).then(
      respond,
      respond,
    )
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) // a TCP server
  const client = session.request({ ':method': 'POST', ...headers })
  try {
    const [stream] = (await once(server, 'stream')) as [ServerHttp2Stream]
    client.write('12345')
    await once(stream, 'close', { signal: AbortSignal.timeout(3_000) })
    expect(stream.rstCode).toBe(constants.NGHTTP2_NO_ERROR)
  } finally {
    session.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
})

describe('the deadline of a body', () => {
  beforeEach(() => {
    const real = ['nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const
    jest.useFakeTimers({ doNotFake: [...real, 'Date', 'hrtime', 'performance', 'setInterval'] })
  })
  afterEach(() => void jest.useRealTimers())

  it('is 10 seconds, however many bytes arrive', async () => {
    expect(BODY_DEADLINE).toBe(10_000)
    const asked = overHttp(CHUNKED, async (req, client) => {
      let failure: unknown
      const bytes = readOnce(req, 100).catch((error: unknown) => (failure = error))
      await until(() => jest.getTimerCount() === 1)
      jest.advanceTimersByTime(9_999)
      const arrived = new Promise((resolve) => req.once('readable', resolve))
      client.write('1\r\nx\r\n')
      await arrived
      await nextRound()
      expect(failure).toBeUndefined()
      jest.advanceTimersByTime(1)
      return bytes
    })
    expect(await asked).toMatchObject({ code: 'body_timeout', status: 408 })
  })

  it('leaves no timer when the body has arrived', async () => {
    const left = await overHttp(post('sent'), async (req) => {
      await readOnce(req, 4)
      return jest.getTimerCount()
    })
    expect(left).toBe(0)
  })
})
