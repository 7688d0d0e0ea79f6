import type { ReplayStore } from '@countersign/core'
import { altered, type Broken, type BrokenStores, type Clock } from './clocked'

const MARGIN = 60_000

/** Stores that are wrong about time in one way each. */
export const forgetfulStores: BrokenStores = {
  'keeps an entry for as long as it is told and no longer': [
    'keeps an entry that ends in a moment',
    remembering((end) => end),
  ],
  'keeps an entry for less than a minute': [
    'keeps an entry that ends in a moment',
    remembering((end, clock) => Math.max(end, clock.now() + 50_000)),
  ],
  'forgets what is past': [
    'keeps an entry that ended long ago',
    remembering((end, clock) => (end < clock.now() ? 0 : Math.max(end, clock.now() + MARGIN))),
  ],
  'forgets by a timer': [
    'keeps an entry of more than 24.8 days',
    remembering((end, clock) => (end - clock.now() > 2 ** 31 - 1 ? 0 : atLeast(end, clock))),
  ],
  'knows no date after 2038': [
    'keeps an entry until the year 9999',
    remembering(
      (end, clock) =>
        atLeast(end > 2 ** 41 && end < Infinity ? end % 2 ** 31 : end, clock) - MARGIN,
    ),
  ],
  'cannot write Infinity': [
    'keeps an entry for ever',
    (clock) =>
      altered(clock, ({ claim }) => ({
        claim: (key, end) => claim(key, JSON.parse(JSON.stringify(end)) as number), // null
      })),
  ],
  'takes for ever for a day at the most': [
    'keeps an entry for ever',
    remembering((end, clock) => (end === Infinity ? clock.now() : atLeast(end, clock))),
  ],
  'wants whole milliseconds': [
    'keeps an entry that ends at a fraction of a millisecond',
    (clock) =>
      altered(clock, ({ claim }) => ({
        claim: async (key, end) => claim(key, end === Infinity ? end : Number(BigInt(end))),
      })),
  ],
  'lets a later claim set the end': [
    'keeps an entry as it is when a later claim names an earlier end',
    (clock) => {
      const ends = new Map<string, number>()
      return altered(clock, ({ claim, has }) => ({
        claim: (key, end) => {
          ends.set(key, end)
          return claim(key, end)
        },
        has: async (key) => (await has(key)) && (ends.get(key) ?? 0) > clock.now(),
      }))
    },
  ],
  'takes NaN for a time': ['refuses NaN as a time', taking(Number.NaN)],
  'takes 0 for a time': ['refuses 0 as a time', taking(0)],
  'takes a negative number for a time': ['refuses a negative number as a time', taking(-1)],
  'takes minus infinity for a time': ['refuses minus infinity as a time', taking(-Infinity)],
  'answers false to what is no time': [
    'refuses NaN as a time',
    (clock) =>
      altered(clock, ({ claim }) => ({ claim: (...ask) => claim(...ask).catch(() => false) })),
  ],
  'uses a key up that it refuses': [
    'refuses 0 as a time',
    (clock) =>
      altered(clock, ({ claim }) => ({
        claim: async (key, end) => {
          const first = await claim(key, end || 1)
          if (end > 0) return first
          throw new TypeError('no time')
        },
      })),
  ],
}

function atLeast(end: number, clock: Clock): number {
  return Math.max(end, clock.now() + MARGIN)
}

/** A store that keeps an entry until a moment of its own. */
function remembering(until: (end: number, clock: Clock) => number): Broken[1] {
  return (clock): ReplayStore => {
    const ends = new Map<string, number>()
    const isLive = (key: string): boolean => (ends.get(key) ?? 0) > clock.now()
    return {
      durable: true,
      has: async (key) => isLive(key),
      claim: async (key, end) => {
        if (!(end > 0)) throw new TypeError('no time')
        if (isLive(key)) return false
        ends.set(key, until(end, clock))
        return true
      },
    }
  }
}

function taking(time: number): Broken[1] {
  return (clock) =>
    altered(clock, ({ claim }) => ({
      claim: (key, end) => claim(key, Object.is(end, time) ? 1 : end),
    }))
}
