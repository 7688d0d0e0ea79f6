import { memoryReplayStore } from '@countersign/core'
import { expectMisconfigured } from './support/errors'
import { NOW } from './support/request'

function storeAt(start = NOW, maxEntries = 100) {
  const clock = { time: start }
  return { clock, store: memoryReplayStore({ now: () => clock.time, maxEntries }) }
}

describe('the memory store', () => {
  it('is taken by the first and by nobody after', async () => {
    const { store } = storeAt()
    expect(await store.has('a')).toBe(false)
    expect(await store.claim('a', NOW + 60_000)).toBe(true)
    expect(await store.claim('a', NOW + 60_000)).toBe(false)
    expect(await store.has('a')).toBe(true)
    expect(await store.has('b')).toBe(false)
  })

  it('has one winner among many at once', async () => {
    const { store } = storeAt()
    const claims = Array.from({ length: 64 }, () => store.claim('a', NOW + 60_000))
    expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1)
  })

  it('changes nothing by looking', async () => {
    const { store } = storeAt()
    await Promise.all([store.has('a'), store.has('a')])
    expect(await store.claim('a', NOW + 60_000)).toBe(true)
  })

  it('keeps an entry until its end', async () => {
    const { store, clock } = storeAt()
    await store.claim('a', NOW + 90_000)
    clock.time = NOW + 89_999
    expect(await store.has('a')).toBe(true)
    clock.time = NOW + 90_000
    expect([await store.has('a'), await store.claim('a', NOW + 180_000)]).toEqual([false, true])
  })

  it('keeps an entry for a minute at least, whatever the clock of the caller says', async () => {
    const { store, clock } = storeAt()
    await store.claim('a', 1)
    clock.time = NOW + 59_999
    expect(await store.has('a')).toBe(true)
    clock.time = NOW + 60_000
    expect(await store.has('a')).toBe(false)
  })

  it('keeps an entry for ever when told so', async () => {
    const { store, clock } = storeAt()
    await store.claim('a', Infinity)
    clock.time = Date.UTC(9999, 0, 1)
    expect(await store.claim('a', Infinity)).toBe(false)
  })

  it.each([NaN, 0, -1])('refuses an end that is no time: %p', async (expiresAt) => {
    await expect(storeAt().store.claim('a', expiresAt)).rejects.toThrow(TypeError)
  })

  it('refuses new ones when full, rather than forget a live one', async () => {
    const { store } = storeAt(NOW, 3)
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
    const { store, clock } = storeAt(NOW, 3)
    for (const key of ['a', 'b', 'c']) await store.claim(key, NOW + 60_000)
    clock.time = NOW + 60_000
    for (const key of ['d', 'e', 'f']) expect(await store.claim(key, NOW + 300_000)).toBe(true)
    await expect(store.claim('g', NOW + 300_000)).rejects.toThrow('live')
  })

  it('searches everything at most once a second', async () => {
    const { store, clock } = storeAt(NOW, 40)
    const endOf = (index: number) => NOW + (index === 20 ? 60_000 : 300_000)
    for (let index = 0; index < 40; index++) await store.claim(`${index}`, endOf(index))
    clock.time = NOW + 59_900
    await expect(store.claim('x', NOW + 300_000)).rejects.toThrow('live')
    clock.time = NOW + 60_000 // one has ended, and the last search was a moment ago
    await expect(store.claim('x', NOW + 300_000)).rejects.toThrow('live')
    clock.time = NOW + 60_900
    expect(await store.claim('x', NOW + 300_000)).toBe(true)
  })

  it('drops what has ended as it goes, without ever being full', async () => {
    const sets = jest.spyOn(Map.prototype, 'delete')
    const { store, clock } = storeAt(NOW, 1_000_000)
    for (let index = 0; index < 100; index++) await store.claim(`a${index}`, NOW + 60_000)
    clock.time = NOW + 60_000
    sets.mockClear()
    for (let index = 0; index < 120; index++) await store.claim(`b${index}`, NOW + 300_000)
    const dropped = new Set(
      sets.mock.calls.map(([key]) => String(key)).filter((key) => key.startsWith('a')),
    )
    sets.mockRestore()
    expect(dropped.size).toBe(100)
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

  it('goes by the clock of the machine unless told otherwise', async () => {
    const store = memoryReplayStore()
    await store.claim('a', Date.now() + 120_000)
    expect(await store.has('a')).toBe(true)
  })
})
