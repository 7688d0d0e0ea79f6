import { replayKey, type ReplayStore } from '../src/replay'
import { isPrefetch, retainUntil } from '../src/single-use'
import { expectRejection, thrown } from './support/errors'
import { NOW, view } from './support/request'

const store = (durable: boolean): ReplayStore => ({
  claim: async () => true,
  has: async () => false,
  durable,
})

describe('the key of a use', () => {
  it('is 43 characters that every store can hold', () => {
    const key = replayKey({ scheme: 'once', tenant: null, parts: ['é'.repeat(255)] })
    expect(key).toMatch(/^[A-Za-z0-9_-]{43}$/)
  })

  it('is the same for the same use, whether told as text or as bytes', () => {
    const key = (part: string | Uint8Array) =>
      replayKey({ scheme: 'once', tenant: 'a', parts: [part] })
    expect(key('é')).toBe(key(Buffer.from('é')))
  })

  it('CC-06 cannot run together, wherever a separator stands', () => {
    const identities = [
      { scheme: 'once', tenant: 'a:b', parts: ['c'] },
      { scheme: 'once', tenant: 'a', parts: ['b:c'] },
      { scheme: 'once', tenant: 'a', parts: ['b', 'c'] },
      { scheme: 'once', tenant: 'a', parts: ['bc'] },
      { scheme: 'once', tenant: 'a', parts: ['', 'bc'] },
      { scheme: 'once', tenant: 'ab', parts: ['c'] },
      { scheme: 'oncea', tenant: '', parts: ['bc'] },
      { scheme: 'once', tenant: 'a1:b', parts: ['c'] },
      { scheme: 'once', tenant: 'a', parts: ['1:b1:c'] },
    ]
    expect(new Set(identities.map(replayKey)).size).toBe(identities.length)
  })
})

describe('how long a use is remembered', () => {
  const retention = { end: null, clockTolerance: 30_000, nonceRetention: undefined, now: NOW }

  it('is a minute longer than the credential can be accepted by any clock', () => {
    expect(retainUntil(store(false), { ...retention, end: NOW })).toBe(NOW + 30_000 + 60_000)
  })

  it('is what the application says, or for ever, where the credential never ends', () => {
    expect(retainUntil(store(false), { ...retention, nonceRetention: 5_000 })).toBe(NOW + 5_000)
    expect(retainUntil(store(true), retention)).toBe(Infinity)
  })

  it('cannot be for ever in a store that forgets', () => {
    const error = thrown(() => retainUntil(store(false), retention))
    expectRejection(error, 'claims_invalid')
    expect(error).toMatchObject({ detail: expect.stringMatching(/replayStore.*nonceRetention/) })
  })
})

describe('a browser that only looks ahead', () => {
  it.each([
    ['sec-purpose', 'prefetch', true],
    ['sec-purpose', 'prefetch;prerender', true],
    ['sec-purpose', 'prefetch; anonymous-client-ip', true],
    ['Purpose', 'Prefetch', true],
    ['purpose', 'x, prefetch', true],
    ['purpose', 'prefetching', false],
    ['purpose', 'no-prefetch', false],
    ['x-purpose', 'prefetch', false],
  ])('is known by %s: %s', (name, value, known) => {
    expect(isPrefetch(view({ headers: [[name, value]] }))).toBe(known)
  })

  it.each(['POST', 'HEAD', 'PURGE'])('is not believed to do so by %s', (method) => {
    expect(isPrefetch(view({ method, headers: [['Purpose', 'prefetch']] }))).toBe(false)
  })
})
