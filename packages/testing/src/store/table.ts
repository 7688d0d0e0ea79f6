import { forgetsNone, hasOneWinner, runsSideBySide, saysWhatItIs, sharesKeys, waits } from './steps'
import { MINUTE, type Subject, type Trial } from './trial'

/** The steps of a case: see `Trial.run`. */
type Steps = string | ((trial: Trial) => Promise<unknown>)

export interface StoreCase extends Pick<Subject, 'lesson' | 'keys' | 'end'> {
  readonly name: string
  readonly steps: Steps
}

/** Cases that teach the same. */
function cases(lesson: string, table: Readonly<Record<string, Steps>>): readonly StoreCase[] {
  return Object.entries(table).map(([name, steps]) => ({ name, lesson, steps }))
}

const TWICE =
  'a credential can be used twice, or not at all → decide in one atomic step, as SET … NX or INSERT … ON CONFLICT DO NOTHING do, and answer true to the first caller only: `reply === "OK"`, `rowCount === 1`'
const OPENED =
  'opening a link, as mail scanners do, uses it up, or a used link looks unused → let `has` read what `claim` wrote, and write nothing'
const CONFUSED =
  'one credential uses up another, or passes for it → store the whole key as it is: no folding of case, no shortening, and in SQL a wide enough column with a binary collation'
const FORGOTTEN =
  'a used credential can be used a second time → keep an entry until its `expiresAt`, and for at least a minute; accept fractions and `Infinity`; do not hand `expiresAt` to setTimeout, which fires immediately beyond 2 147 483 647 ms; remove no live entry to make room'
const NO_TIME =
  'a mistake elsewhere counts as a use: the entry is forgotten immediately, or never → throw where `expiresAt > 0` does not hold, before anything is written'
const UNCLAIMED =
  'a claim that came too late uses a credential up for no one, or another request frees it → let `unclaim` remove the entry where its owner is the same, in one atomic step; or leave `unclaim` out'
const SHAPE =
  'no guard accepts a store whose `durable` is not a boolean, and leases that are not tested may not work → set `durable` to whether its memory survives a restart; pass `leases: true` if it has leases'
const APART =
  'each process remembers for itself: a link can be used once in each of them → keep used keys in one place for all processes, and answer only when the key is written there'
const SEPARATE =
  'users get in each other’s way: one call sees the state of another → let calls run side by side, without shared variables'
const HELD =
  'two requests use one credential at the same time → let `reserve`, `look`, `has` and `claim` count a lease that has not ended as taken, and write nothing then; answer "free" again to the owner who asks a second time'
const OWNED =
  'one request decides about another’s credential → compare the owner in the same atomic step that changes the entry'
const FINAL =
  'what a user has done does not count, or a used credential becomes valid again → let the owner of a lease make it final, as often as it asks; keep the entry as "used" for everyone until its `expiresAt`, and for at least a minute'
const RELEASED =
  'a request that failed has used the credential up, or a used credential becomes valid again → remove an entry where the owner is the same and the entry is only leased, and answer whether it was'
const ENDED =
  'a handler that crashed keeps the credential from its user, or a slow one loses its use → count a key as free when the `duration` of its lease has passed by the store’s own clock; let `commit` write also where there is no live entry'

const DAY = 86_400_000
const LAST_MOMENT = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

type End = readonly [what: string, end: (now: number) => number]
const LONG_AGO: End = ['that ended long ago', (now) => now - DAY]
const BEYOND_TIMERS: End = ['of more than 24.8 days, the longest timer', (now) => now + 30 * DAY]
const FOR_EVER: End = ['for ever', () => Infinity]
const ENDS: readonly End[] = [
  ['that ends in a moment', (now) => now + 1],
  LONG_AGO,
  ['that ends at a fraction of a millisecond', (now) => now + MINUTE + 0.25],
  BEYOND_TIMERS,
  ['until the year 9999', () => LAST_MOMENT],
  FOR_EVER,
]

/** Keys that are almost the same. */
const SIMILAR: readonly (readonly [how: string, keys: StoreCase['keys']])[] = [
  ['in the case of a letter', (rest) => [`a${rest}`, `A${rest}`]],
  ['in their last character', (rest) => [`${rest}A`, `${rest}E`]],
  ['in their first character', (rest) => [`-${rest}`, `_${rest}`]],
]

/** What every store must do. */
export const CLAIMS: readonly StoreCase[] = [
  ...cases(SHAPE, {
    'says whether it is durable, and is tested with all that it has': saysWhatItIs,
  }),
  ...cases(TWICE, {
    'answers true to the first claim of a key and false to all later ones':
      'claim → true, claim → false, claim → false',
    'has one winner among 64 claims of a key at the same time': (trial) =>
      hasOneWinner(trial, ['claim']),
  }),
  ...cases(SEPARATE, { 'accepts 64 claims of different keys at the same time': runsSideBySide }),
  ...cases(OPENED, {
    'leaves a key free that is only looked up': 'has → false, has → false, claim → true',
    'knows a claimed key however often it is looked up':
      'claim → true, has → true, has → true, claim → false',
  }),
  ...SIMILAR.map(([how, keys]) => ({
    name: `distinguishes keys that differ ${how}`,
    lesson: CONFUSED,
    steps: 'claim → true, has2 → false, claim2 → true, claim → false',
    keys,
  })),
  ...ENDS.map(([what, end]) => ({
    name: `keeps an entry ${what}`,
    lesson: FORGOTTEN,
    steps: 'claim E → true, stays, claim → false',
    end,
  })),
  {
    name: 'keeps an entry when a later claim names an earlier end',
    lesson: FORGOTTEN,
    steps: 'claim → true, claim E → false, stays',
    end: () => 1,
  },
  ...cases(FORGOTTEN, {
    'remembers keys for more than a second': waits,
    'forgets no key to make room for others': forgetsNone,
  }),
  ...[Number.NaN, 0, -1, -Infinity].map((time) => ({
    name: `refuses ${time} as a time`,
    lesson: NO_TIME,
    steps: 'claim E → error, has → false',
    end: () => time,
  })),
]

export const UNCLAIM: readonly StoreCase[] = cases(UNCLAIMED, {
  'gives a late claim back to its owner only':
    'claim A → true, unclaim B → undefined, has → true, unclaim A → undefined, has → false, claim B → true',
})

export const PEER: readonly StoreCase[] = cases(APART, {
  'shares its keys with its other handles': sharesKeys,
})

/** What its leases must do. */
export const LEASES: readonly StoreCase[] = [
  ...cases(HELD, {
    'reserves a free key for one owner and not for another':
      'reserve A → free, reserve B → leased, reserve A → free, reserve B → leased',
    'counts a leased key as taken':
      'reserve A → free, look → leased, has → true, claim → false, look → leased, commit A → true',
    'has one winner among 64 owners who reserve a key at the same time': (trial) =>
      hasOneWinner(trial, ['reserve']),
    'has one winner among 64 who claim or reserve a key at the same time': (trial) =>
      hasOneWinner(trial, ['claim', 'reserve']),
  }),
  ...cases(FINAL, {
    'makes a lease final for its owner, as often as the owner asks':
      'reserve A → free, commit A → true, commit A → true, look → used, has → true, reserve B → used, claim → false, commit B → false',
    'counts a claimed key as used':
      'claim → true, look → used, reserve A → used, commit A → false, release A → false, has → true',
  }),
  ...[LONG_AGO, BEYOND_TIMERS, FOR_EVER].map(([what, end]) => ({
    name: `keeps a final entry ${what}`,
    lesson: FINAL,
    steps: 'reserve A → free, commit A E → true, stays, look → used',
    end,
  })),
  ...cases(OWNED, {
    'makes a lease final for no other owner':
      'reserve A → free, commit B → false, look → leased, commit A → true',
    'releases a key for no other owner':
      'reserve A → free, release B → false, look → leased, commit A → true',
    'distinguishes owners that differ in the case of a letter':
      'reserve a → free, reserve A → leased, release A → false, commit A → false, commit a → true',
    'keeps the leases of different keys apart':
      'reserve A → free, reserve2 A → free, release A → true, look2 → leased',
    'makes no lease final whose key the next owner has':
      'ended A, reserve B → free, commit A → false, look → leased, commit B → true',
    'releases no key that the next owner has':
      'ended A, reserve B → free, release A → false, look → leased, commit B → true',
  }),
  ...cases(RELEASED, {
    'releases a key for its owner, once':
      'reserve A → free, release A → true, look → free, has → false, release A → false, reserve B → free',
    'releases no key that was used for good':
      'reserve A → free, commit A → true, release A → false, look → used, has → true, reserve A → used',
  }),
  ...cases(ENDED, {
    'frees a key whose lease has ended':
      'ended A, look → free, has → false, reserve B → free, look → leased',
    'accepts the claim of a key whose lease has ended':
      'ended A, claim → true, commit A → false, look → used',
    'makes a lease final that has ended, if no one else has the key':
      'ended A, commit A → true, commit A → true, look → used, reserve B → used',
  }),
  {
    name: 'refuses to make a lease final until NaN',
    lesson: NO_TIME,
    steps: 'reserve A → free, commit A E → error, look → leased',
    end: () => Number.NaN,
  },
]
