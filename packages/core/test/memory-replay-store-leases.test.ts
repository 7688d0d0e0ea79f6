import { memoryStore } from './support/memory'
import { NOW } from './support/request'

const LEASE = { owner: 'me', duration: 30_000 }
const OTHER = { owner: 'you', duration: 30_000 }
const use = (owner: string) => ({ owner, expiresAt: NOW + 600_000 })

describe('a lease of the memory store', () => {
  it('is taken by the first, and seen by everyone', async () => {
    const { store, leases } = memoryStore()
    expect(await leases.look('k')).toBe('free')
    expect(await leases.reserve('k', LEASE)).toBe('free')
    expect(await leases.reserve('k', OTHER)).toBe('leased')
    expect(await leases.look('k')).toBe('leased')
    expect(await store.has('k')).toBe(true)
    expect(await store.claim('k', NOW + 60_000)).toBe(false)
    expect(await leases.look('other')).toBe('free')
  })

  it('has one winner among many at once', async () => {
    const { leases } = memoryStore()
    const states = await Promise.all(
      Array.from({ length: 64 }, (_, index) =>
        leases.reserve('k', { owner: `${index}`, duration: 1_000 }),
      ),
    )
    expect(states.filter((state) => state === 'free')).toHaveLength(1)
    expect(states.filter((state) => state === 'leased')).toHaveLength(63)
  })

  it('is its owner’s also when asked for again, and then lasts from there', async () => {
    const { leases, pass } = memoryStore()
    await leases.reserve('k', LEASE)
    pass(20_000)
    expect(await leases.reserve('k', LEASE)).toBe('free')
    pass(29_999)
    expect(await leases.look('k')).toBe('leased')
    pass(1)
    expect(await leases.look('k')).toBe('free')
  })

  it('ends after its duration, and then is anybody’s', async () => {
    const { leases, pass } = memoryStore()
    await leases.reserve('k', LEASE)
    pass(29_999)
    expect(await leases.reserve('k', OTHER)).toBe('leased')
    pass(1)
    expect(await leases.reserve('k', OTHER)).toBe('free')
    expect(await leases.commit('k', use('me'))).toBe(false)
    expect(await leases.release('k', 'me')).toBe(false)
    expect(await leases.look('k')).toBe('leased')
  })

  it('is made final by its owner, as often as it asks, and by nobody else', async () => {
    const { store, leases } = memoryStore()
    await leases.reserve('k', LEASE)
    expect(await leases.commit('k', use('you'))).toBe(false)
    expect(await leases.look('k')).toBe('leased')
    expect([await leases.commit('k', use('me')), await leases.commit('k', use('me'))]).toEqual([
      true,
      true,
    ])
    expect(await leases.look('k')).toBe('used')
    expect(await leases.reserve('k', LEASE)).toBe('used') // to its owner too
    expect(await leases.reserve('k', OTHER)).toBe('used')
    expect(await leases.commit('k', use('you'))).toBe(false)
    expect(await store.claim('k', NOW + 60_000)).toBe(false)
  })

  it('is made final even when it has run out, unless somebody else has the key', async () => {
    const { leases, pass } = memoryStore()
    for (const key of ['free', 'again', 'given back']) await leases.reserve(key, LEASE)
    pass(30_000)
    await leases.reserve('given back', OTHER)
    await leases.release('given back', 'you')
    await leases.reserve('again', OTHER)
    expect(await leases.commit('free', use('me'))).toBe(true)
    expect(await leases.commit('given back', use('me'))).toBe(true)
    expect(await leases.commit('again', use('me'))).toBe(false)
    expect(await leases.commit('never reserved', use('me'))).toBe(true)
  })

  it('outlives its lease once it is final, until the end of the use', async () => {
    const { leases, pass } = memoryStore()
    await leases.reserve('k', LEASE)
    await leases.commit('k', use('me'))
    pass(599_999)
    expect(await leases.look('k')).toBe('used')
    pass(1)
    expect(await leases.look('k')).toBe('free')
  })

  it('is given back by its owner alone, and only while it is on lease', async () => {
    const { leases } = memoryStore()
    expect(await leases.release('k', 'me')).toBe(false)
    await leases.reserve('k', LEASE)
    expect(await leases.release('k', 'you')).toBe(false)
    expect(await leases.release('k', 'me')).toBe(true)
    expect(await leases.release('k', 'me')).toBe(false)
    expect(await leases.reserve('k', OTHER)).toBe('free')
    await leases.commit('k', use('you'))
    expect(await leases.release('k', 'you')).toBe(false)
    expect(await leases.look('k')).toBe('used')
  })

  it('is nobody’s where the key was claimed at once', async () => {
    const { store, leases } = memoryStore()
    await store.claim('k', NOW + 60_000)
    expect(await leases.look('k')).toBe('used')
    expect(await leases.reserve('k', LEASE)).toBe('used')
    expect(await leases.commit('k', use('me'))).toBe(false)
    expect(await leases.release('k', 'me')).toBe(false)
  })

  it.each([NaN, 0, -1])('is not taken for a time that is none: %p', async (duration) => {
    const { leases } = memoryStore()
    await expect(leases.reserve('k', { owner: 'me', duration })).rejects.toThrow(TypeError)
  })

  it.each([NaN, 0, -1])('is not made final until a time that is none: %p', async (expiresAt) => {
    const { leases } = memoryStore()
    await leases.reserve('k', LEASE)
    await expect(leases.commit('k', { owner: 'me', expiresAt })).rejects.toThrow(TypeError)
    expect(await leases.look('k')).toBe('leased')
  })
})

describe('a full memory store, with leases', () => {
  it('refuses new ones, and still ends those that it has', async () => {
    const { store, leases } = memoryStore(3)
    for (const key of ['a', 'b', 'c']) await leases.reserve(key, LEASE)
    await expect(leases.reserve('d', LEASE)).rejects.toThrow('all 3 entries are live')
    await expect(store.claim('d', NOW + 60_000)).rejects.toThrow('live')
    expect(await leases.commit('a', use('me'))).toBe(true)
    expect(await leases.reserve('b', LEASE)).toBe('free')
    expect(await leases.release('b', 'me')).toBe(true)
    expect(await leases.reserve('d', OTHER)).toBe('free')
    expect(await Promise.all(['a', 'b', 'c', 'd'].map(leases.look))).toEqual([
      'used',
      'free',
      'leased',
      'leased',
    ])
  })

  it('finds room in leases that ran out, and never in uses', async () => {
    const { store, leases, pass } = memoryStore(4)
    await store.claim('claimed', NOW + 600_000)
    await leases.reserve('committed', LEASE)
    await leases.commit('committed', use('me'))
    for (const key of ['a', 'b']) await leases.reserve(key, LEASE)
    pass(30_000)
    for (const key of ['c', 'd']) expect(await leases.reserve(key, LEASE)).toBe('free')
    await expect(leases.reserve('e', LEASE)).rejects.toThrow('live')
    await expect(leases.commit('a', use('me'))).rejects.toThrow('live') // its place was given away
    expect(await Promise.all(['claimed', 'committed'].map(leases.look))).toEqual(['used', 'used'])
  })

  it('has dropped leases that ran out as it went', async () => {
    const deletions = jest.spyOn(Map.prototype, 'delete')
    const { leases, pass } = memoryStore(1_000_000)
    for (let index = 0; index < 100; index++) await leases.reserve(`a${index}`, LEASE)
    pass(30_000)
    for (let index = 0; index < 120; index++) await leases.reserve(`b${index}`, OTHER)
    const dropped = new Set(deletions.mock.calls.map(([key]) => String(key)))
    deletions.mockRestore()
    expect([...dropped].filter((key) => /^a\d/.test(key))).toHaveLength(100)
  })
})
