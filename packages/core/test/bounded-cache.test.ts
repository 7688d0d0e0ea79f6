import { boundedCache } from '../src/bounded-cache'

describe('a bounded cache', () => {
  it('remembers for its time and no longer', () => {
    const cache = boundedCache<number>(10, 1_000)
    cache.set('a', 1, 5_000)
    const times = [5_000, 5_999, 6_000, 4_999]
    expect(times.map((time) => cache.get('a', time))).toEqual([1, 1, undefined, undefined])
    expect(cache.get('b', 5_000)).toBeUndefined()
  })

  it('counts the time anew when a value is set again', () => {
    const cache = boundedCache<number>(10, 1_000)
    cache.set('a', 1, 0)
    cache.set('a', 2, 900)
    expect([cache.get('a', 1_500), cache.get('a', 1_900)]).toEqual([2, undefined])
  })

  it('lets the oldest go for the newest', () => {
    const cache = boundedCache<number>(2, 1_000)
    const get = () => ['a', 'b', 'c'].map((key) => cache.get(key, 0))
    cache.set('a', 1, 0)
    cache.set('b', 2, 0)
    expect(get()).toEqual([1, 2, undefined])
    cache.set('c', 3, 0)
    expect(get()).toEqual([undefined, 2, 3])
    cache.set('b', 4, 0)
    cache.set('a', 5, 0)
    expect(get()).toEqual([5, 4, undefined])
  })

  it('has room for one at least', () => {
    const cache = boundedCache<number>(1, 1_000)
    cache.set('a', 1, 0)
    cache.set('a', 2, 0)
    expect(cache.get('a', 0)).toBe(2)
  })
})
