import { memoryReplayStore } from '@countersign/core'
import { expectMisconfigured } from './support/errors'
import { memoryStore } from './support/memory'
import { NOW } from './support/request'

describe('the memory store', () => {
  it('is taken by the first and by nobody after', async () => {
    const { store } = memoryStore()
    expect(await store.has('a')).toBe(false)
    expect(await store.claim('a', NOW + 60_000)).toBe(true)
    expect(await store.claim('a', NOW + 60_000)).toBe(false)
    expect(await store.has('a')).toBe(true)
    expect(await store.has('b')).toBe(false)
  })

  it('has one winner among many at once', async () => {
    const { store } = memoryStore()
    const claims = Array.from({ length: 64 }, () => store.claim('a', NOW + 60_000))
    expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1)
  })

  it('changes nothing by looking', async () => {
    const { store } = memoryStore()
    await Promise.all([store.has('a'), store.has('a')])
    expect(await store.claim('a', NOW + 60_000)).toBe(true)
  })

  it('keeps an entry until its end', async () => {
    const { store, pass } = memoryStore()
    await store.claim('a', NOW + 90_000)
    pass(89_999)
    expect(await store.has('a')).toBe(true)
    pass(1)
    expect([await store.has('a'), await store.claim('a', NOW + 180_000)]).toEqual([false, true])
  })

  it('keeps an entry for a minute at least, whatever the clock of the caller says', async () => {
    const { store, pass } = memoryStore()
    await store.claim('a', 1)
    pass(59_999)
    expect(await store.has('a')).toBe(true)
    pass(1)
    expect(await store.has('a')).toBe(false)
  })

  it('keeps an entry for ever when told so', async () => {
    const { store, pass } = memoryStore()
    await store.claim('a', Infinity)
    pass(Date.UTC(9999, 0, 1) - NOW)
    expect(await store.claim('a', Infinity)).toBe(false)
  })

  it.each([NaN, 0, -1])('refuses an end that is no time: %p', async (expiresAt) => {
    const { store } = memoryStore()
    await expect(store.claim('a', expiresAt)).rejects.toThrow(TypeError)
    expect(await store.has('a')).toBe(false)
  })

  it('is not durable, and says so', () => {
    expect(memoryReplayStore().durable).toBe(false)
  })

  it.each([0, -1, NaN, Infinity, '10'])('has no room for %p entries', (maxEntries) => {
    expectMisconfigured(
      () => memoryReplayStore({ maxEntries: maxEntries as number }),
      'option_invalid',
    ) // wrong on purpose
  })

  it('goes by the clocks of the machine unless told otherwise', async () => {
    const store = memoryReplayStore()
    await store.claim('a', Date.now() + 120_000)
    expect(await store.has('a')).toBe(true)
    expect(await store.leases?.reserve('b', { owner: 'me', duration: 60_000 })).toBe('free')
    expect(await store.leases?.look('b')).toBe('leased')
  })
})

describe('a full memory store', () => {
  it('refuses new ones rather than forget a live one', async () => {
    const { store } = memoryStore(3)
    for (const key of ['a', 'b', 'c']) await store.claim(key, NOW + 90_000)
    await expect(store.claim('d', NOW + 90_000)).rejects.toThrow('all 3 entries are live')
    expect(await Promise.all(['a', 'b', 'c', 'd'].map(store.has))).toEqual([
      true,
      true,
      true,
      false,
    ])
  })

  it('finds room again once entries have ended', async () => {
    const { store, pass } = memoryStore(3)
    for (const key of ['a', 'b', 'c']) await store.claim(key, NOW + 60_000)
    pass(60_000)
    for (const key of ['d', 'e', 'f']) expect(await store.claim(key, NOW + 300_000)).toBe(true)
    await expect(store.claim('g', NOW + 300_000)).rejects.toThrow('live')
  })

  it('takes a key again that it holds and that has ended', async () => {
    const { store, pass } = memoryStore(2)
    await store.claim('a', NOW + 60_000)
    await store.claim('b', NOW + 300_000)
    pass(60_000)
    expect(await store.claim('a', NOW + 300_000)).toBe(true)
  })

  it('searches everything at most once a second', async () => {
    const { store, pass } = memoryStore(40)
    const endOf = (index: number) => NOW + (index === 20 ? 60_000 : 300_000)
    for (let index = 0; index < 40; index++) await store.claim(`${index}`, endOf(index))
    pass(59_900)
    await expect(store.claim('x', NOW + 300_000)).rejects.toThrow('live')
    pass(100) // one has ended, and the last search was a moment ago
    await expect(store.claim('x', NOW + 300_000)).rejects.toThrow('live')
    pass(900)
    expect(await store.claim('x', NOW + 300_000)).toBe(true)
  })

  it('has dropped what was long over as it went, without ever being full', async () => {
    const deletions = jest.spyOn(Map.prototype, 'delete')
    const { store, pass } = memoryStore(1_000_000)
    for (let index = 0; index < 100; index++) await store.claim(`a${index}`, NOW + 60_000)
    const dropped = (): number =>
      new Set(deletions.mock.calls.map(([key]) => String(key)).filter((key) => /^a\d/.test(key)))
        .size
    pass(60_000)
    for (let index = 0; index < 120; index++) await store.claim(`b${index}`, NOW + 9_000_000)
    expect(dropped()).toBe(0) // over, but not for long: the clock may be set back
    pass(300_000)
    for (let index = 0; index < 240; index++) await store.claim(`c${index}`, NOW + 9_000_000)
    expect(dropped()).toBe(100)
    deletions.mockRestore()
  })
})
