import { memoryReplayStore } from '@countersign/core'
import { NOW } from '../support/request'
import { clockedStore } from './stores'

// The contract of all stores is `replayStoreCases` of @countersign/testing, whose tests run it on
// this one. Here is what only a store in memory has: clocks, bounds, and answers without promises.

type Clocked = ReturnType<typeof clockedStore>

const MINUTE = 60_000
const LIFETIME = 2 * MINUTE
/** What a guard asks for: longer than the lifetime, by the tolerance and a margin. */
const KEPT = LIFETIME + 30_000 + MINUTE
const LEASE = { owner: 'me', duration: 30_000 }

describe('the memory store', () => {
  it('answers without a promise', () => {
    const { store, leases } = clockedStore()
    const claims = [store.claim('a', NOW + MINUTE), store.has('a'), store.claim('a', NOW)]
    expect(claims).toEqual([true, true, false])
    const lease = [leases.reserve('b', LEASE), leases.look('b'), leases.release('b', 'me')]
    expect(lease).toEqual(['free', 'leased', true])
    expect(leases.commit('c', { owner: 'me', expiresAt: NOW + MINUTE })).toBe(true)
    expect(() => store.claim('d', NaN)).toThrow(TypeError)
    expect(() => leases.reserve('d', { owner: 'me', duration: 0 })).toThrow(TypeError)
    expect(store.durable).toBe(false)
  })

  it('reads the clocks of the machine at the time of the call', () => {
    const store = memoryReplayStore()
    const spy = jest.spyOn(Date, 'now').mockReturnValue(NOW)
    void store.claim('a', NOW + MINUTE)
    expect(store.has('a')).toBe(true)
    spy.mockReturnValue(NOW + 10 * MINUTE)
    expect(store.has('a')).toBe(true) // the other clock has not moved
    spy.mockRestore()
    expect(store.leases?.reserve('b', LEASE)).toBe('free')
    expect(store.leases?.look('b')).toBe('leased')
  })
})

/** How a guard uses a credential up. */
const USES: Readonly<Record<string, (clocked: Clocked) => void>> = {
  claimed: ({ store }) => void store.claim('k', NOW + KEPT),
  'leased and committed': ({ leases }) => {
    void leases.reserve('k', LEASE)
    void leases.commit('k', { owner: 'me', expiresAt: NOW + KEPT })
  },
}

/** Claims of other credentials, which sweep away what has ended. */
function traffic({ store, now }: Clocked): void {
  for (let key = 0; key < 12; key++) void store.claim(`${now()}-${key}`, now() + MINUTE)
}

/** Whether the credential would be accepted again: it has not expired, and its key is free. */
function isUsable({ store, now }: Clocked): boolean {
  return now() < NOW + LIFETIME && !store.has('k')
}

/** Minutes by which the clock is set, and minutes after the use when that happens. */
const JUMPS = [
  ...[-1, 0, 0.5, 1, 2, 3, 3.5, 4, 5, 6, 6.5, 7].map((point) => [-5, point] as const),
  ...[0.5, 1, 2, 3, 3.5, 4, 5, 6, 6.5, 7].map((point) => [5, point] as const), // earlier, it has expired
]

describe.each(Object.entries(USES))('a %s credential', (_how, use) => {
  it('stays used when the clock is set by five minutes, at any time', () => {
    for (const [jump, point] of JUMPS) {
      const clocked = clockedStore(10_000)
      if (point < 0) clocked.set(jump * MINUTE)
      use(clocked)
      let seen = 0
      for (let minute = 0; minute <= 20; minute += 0.5) {
        if (minute === point) clocked.set(jump * MINUTE)
        expect([jump, point, minute, isUsable(clocked)]).toEqual([jump, point, minute, false])
        if (clocked.now() < NOW + LIFETIME) seen++
        traffic(clocked)
        clocked.pass(MINUTE / 2)
      }
      expect(seen).toBeGreaterThan(0)
    }
  })

  it('is kept for a minute where the clock was far ahead', () => {
    const clocked = clockedStore()
    clocked.set(365 * 24 * 60 * MINUTE)
    use(clocked)
    clocked.pass(MINUTE - 1)
    expect(clocked.store.has('k')).toBe(true)
    clocked.pass(1)
    expect(clocked.store.has('k')).toBe(false)
  })

  it('is free when both clocks have passed its end', () => {
    const clocked = clockedStore()
    use(clocked)
    clocked.pass(KEPT - 1)
    clocked.set(5 * MINUTE)
    expect(clocked.store.has('k')).toBe(true)
    clocked.pass(1)
    expect(clocked.store.has('k')).toBe(false)
  })
})

it.each([-5, 5])('ends a lease on time when the clock is set by %i minutes', (jump) => {
  const { leases, set, pass } = clockedStore()
  void leases.reserve('k', LEASE)
  set(jump * MINUTE)
  pass(29_999)
  expect(leases.look('k')).toBe('leased')
  pass(1)
  expect(leases.look('k')).toBe('free')
})

describe('a full memory store', () => {
  it('refuses new keys, forgets none, and still ends its leases', () => {
    const { store, leases } = clockedStore(3)
    void store.claim('a', NOW + MINUTE)
    for (const key of ['b', 'c']) void leases.reserve(key, LEASE)
    expect(() => store.claim('d', NOW + MINUTE)).toThrow('all 3 entries are live')
    expect(() => leases.reserve('d', LEASE)).toThrow('live')
    expect(() => leases.commit('d', { owner: 'me', expiresAt: NOW + MINUTE })).toThrow('live')
    expect(leases.commit('b', { owner: 'me', expiresAt: NOW + MINUTE })).toBe(true)
    expect(leases.release('c', 'me')).toBe(true)
    expect(store.claim('d', NOW + MINUTE)).toBe(true)
    expect(['a', 'b', 'c', 'd'].map(leases.look)).toEqual(['used', 'used', 'free', 'used'])
  })

  it('finds room in entries that have ended', () => {
    const { store, leases, pass } = clockedStore(3)
    void store.claim('a', NOW + 10 * MINUTE)
    void store.claim('b', NOW + MINUTE)
    void leases.reserve('c', LEASE)
    pass(MINUTE)
    for (const key of ['d', 'e']) expect(store.claim(key, NOW + 10 * MINUTE)).toBe(true)
    expect(() => store.claim('f', NOW + 10 * MINUTE)).toThrow('live')
    expect(store.has('a')).toBe(true)
  })

  it('takes a key again that it still holds and that has ended', () => {
    const { store, pass } = clockedStore(2)
    void store.claim('a', NOW + MINUTE)
    void store.claim('b', NOW + 10 * MINUTE)
    pass(MINUTE)
    expect(store.claim('a', NOW + 10 * MINUTE)).toBe(true)
  })

  it('searches for room once a second', () => {
    const { store, pass } = clockedStore(40)
    for (let index = 0; index < 40; index++) {
      void store.claim(`${index}`, NOW + (index === 20 ? 1 : 5) * MINUTE)
    }
    const claim = () => store.claim('x', NOW + 5 * MINUTE)
    pass(MINUTE - 100)
    expect(claim).toThrow('live')
    pass(100) // one has ended, and the last search was 100 ms ago
    expect(claim).toThrow('live')
    pass(900)
    expect(claim()).toBe(true)
  })
})

describe('the sweep of the memory store', () => {
  /** How many of 100 keys have been dropped from memory. */
  function dropped(work: () => void): number {
    const deletions = jest.spyOn(Map.prototype, 'delete')
    work()
    const keys = new Set(deletions.mock.calls.map(([key]) => String(key)))
    deletions.mockRestore()
    return [...keys].filter((key) => /^old\d/.test(key)).length
  }

  it('drops used keys five minutes after their end, a few with each new key', () => {
    const { store, pass } = clockedStore(1_000_000)
    const claims = (name: string, count: number) => () => {
      for (let index = 0; index < count; index++)
        void store.claim(`${name}${index}`, NOW + 9_000_000)
    }
    for (let index = 0; index < 100; index++) void store.claim(`old${index}`, NOW + MINUTE)
    pass(MINUTE)
    expect(dropped(claims('b', 120))).toBe(0) // the clock may be set back
    pass(5 * MINUTE)
    expect(dropped(claims('c', 240))).toBe(100)
  })

  it('drops leases as soon as they have ended', () => {
    const { leases, pass } = clockedStore(1_000_000)
    for (let index = 0; index < 100; index++) void leases.reserve(`old${index}`, LEASE)
    pass(30_000)
    const others = () => {
      for (let index = 0; index < 120; index++) void leases.reserve(`new${index}`, LEASE)
    }
    expect(dropped(others)).toBe(100)
  })
})
