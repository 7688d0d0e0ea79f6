import { openRaw, requestBytes } from '../src'
import { before, FRAMEWORKS, guard, greet, running } from './transport-frameworks'
import { jsonPost, portals } from './transport-kit'

type Fakeable = NonNullable<FakeTimersConfig['doNotFake']>[number]

/** All but the timer of the guard: sockets and frameworks go on in real time. */
const REAL: Fakeable[] = [
  ...(['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask'] as const),
  ...(['setImmediate', 'clearImmediate', 'setInterval', 'clearInterval'] as const),
]

describe.each(FRAMEWORKS)('a body that takes its time, on $name', (framework) => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: REAL }))
  afterEach(() => void jest.useRealTimers())

  it('TP-35 is given up after 10 seconds, however steadily it drips', async () => {
    const post = await jsonPost()
    const refused: string[] = []
    const guarded = guard(portals().fdback, { onRejected: ({ code }) => refused.push(code) })
    const seen: (() => Promise<void>)[] = []
    const watch = before((req) => {
      const arrived = () =>
        new Promise<void>((resolve) => void req.once('readable', () => resolve()))
      seen.push(arrived)
    })
    await running(framework, [watch, guarded, greet], async (port) => {
      const connection = await openRaw(port)
      const headers = [...post.headers, ['Content-Length', String(post.body.length)]] as const
      connection.write(requestBytes({ ...post, headers, body: undefined }))
      const text = connection.untilClosed()
      while (seen.length === 0) await new Promise(setImmediate)
      for (let second = 0; second < 10; second++) {
        expect(refused).toEqual([])
        const arrived = seen[0]?.()
        connection.write(post.body.slice(second, second + 1))
        await arrived
        jest.advanceTimersByTime(second < 9 ? 1_000 : 999)
      }
      expect(refused).toEqual([])
      jest.advanceTimersByTime(1)
      expect(await text).toMatch(/^HTTP\/1\.1 408 [^]*"code":"body_timeout"/)
      expect(refused).toEqual(['body_timeout'])
    })
  })

  it('leaves no timer behind where the body arrives, is too long or breaks off', async () => {
    const post = await jsonPost()
    const refused: string[] = []
    const guarded = guard(portals().fdback, { onRejected: ({ code }) => refused.push(code) })
    await running(framework, [guarded, greet], async (port) => {
      const none = jest.getTimerCount()
      for (const body of [[post.body], ['x'.repeat(20_000)]]) {
        const connection = await openRaw(port)
        connection.write(requestBytes({ ...post, body }))
        await connection.answer('POST')
        connection.abort()
        expect(jest.getTimerCount()).toBe(none)
      }
      const connection = await openRaw(port)
      const headers = [...post.headers, ['Content-Length', '9']] as const
      connection.write(requestBytes({ ...post, headers, body: undefined }))
      while (jest.getTimerCount() === none) await new Promise(setImmediate)
      connection.abort()
      while (refused.length < 2) await new Promise(setImmediate)
      expect(jest.getTimerCount()).toBe(none)
      expect(refused).toEqual(['body_too_large', 'token_malformed'])
    })
  })
})
