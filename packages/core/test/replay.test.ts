import { claimOnce, peek, replayKey, STORE_DEADLINE, type ReplayStore } from '../src/replay'
import { isPrefetch, retainUntil } from '../src/single-use'
import { expectRejection, refusal, thrown } from './support/errors'
import { NOW, view } from './support/request'

const store = (parts: Partial<Record<keyof ReplayStore, unknown>>) =>
  ({ claim: async () => true, has: async () => false, durable: false, ...parts }) as ReplayStore // some wrong on purpose

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

describe('asking a store', () => {
  it('lets the first pass and no other', async () => {
    await expect(claimOnce(store({}), 'k', NOW)).resolves.toBeUndefined()
    const used = store({ claim: async () => false, has: async () => true })
    expectRejection(await refusal(claimOnce(used, 'k', NOW)), 'token_replayed')
    expectRejection(await refusal(peek(used, 'k')), 'token_replayed')
    await expect(peek(store({}), 'k')).resolves.toBeUndefined()
  })

  it('hands over the key and its end', async () => {
    const claim = jest.fn(async () => true)
    await claimOnce(store({ claim }), 'k', NOW)
    expect(claim.mock.calls).toEqual([['k', NOW]])
  })

  it.each([undefined, null, 1, 0, 'OK', 'true', {}, []])(
    'takes %p for no answer',
    async (answer) => {
      const doubtful = store({ claim: async () => answer, has: async () => answer })
      expectRejection(await refusal(claimOnce(doubtful, 'k', NOW)), 'store_unavailable')
      expectRejection(await refusal(peek(doubtful, 'k')), 'store_unavailable')
    },
  )

  it('is unavailable when it rejects or throws, with the cause for the log', async () => {
    const fault = new Error('no connection')
    const throwing = () => {
      throw fault
    }
    for (const ask of [() => Promise.reject(fault), throwing]) {
      for (const work of [
        claimOnce(store({ claim: ask }), 'k', NOW),
        peek(store({ has: ask }), 'k'),
      ]) {
        const error = await refusal(work)
        expectRejection(error, 'store_unavailable')
        expect(error).toMatchObject({ status: 503, headers: { 'retry-after': '1' }, cause: fault })
      }
    }
  })

  it('is unavailable after half a second of silence, and not before', async () => {
    jest.useFakeTimers()
    try {
      let code = 'none yet'
      const silent = store({ claim: () => new Promise(() => undefined) })
      const work = refusal(claimOnce(silent, 'k', NOW)).then(
        (error) => (code = (error as { code: string }).code),
      )
      await jest.advanceTimersByTimeAsync(STORE_DEADLINE - 1)
      expect(code).toBe('none yet')
      await jest.advanceTimersByTimeAsync(1)
      expect(await work).toBe('store_unavailable')
    } finally {
      jest.useRealTimers()
    }
  })
})

describe('how long a use is remembered', () => {
  const retention = { end: null, clockTolerance: 30_000, nonceRetention: undefined, now: NOW }

  it('is a minute longer than the credential can be accepted by any clock', () => {
    expect(retainUntil(store({}), { ...retention, end: NOW })).toBe(NOW + 30_000 + 60_000)
  })

  it('is what the application says, or for ever, where the credential never ends', () => {
    expect(retainUntil(store({}), { ...retention, nonceRetention: 5_000 })).toBe(NOW + 5_000)
    expect(retainUntil(store({ durable: true }), retention)).toBe(Infinity)
  })

  it('cannot be for ever in a store that forgets', () => {
    const error = thrown(() => retainUntil(store({}), retention))
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
})
