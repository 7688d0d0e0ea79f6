import type { Awaitable, ReplayStore } from '@countersign/core'
import { findingError } from '../finding'
import { leaseChecks } from './leases'
import { retentionChecks } from './retention'
import {
  expectOneWinner,
  FIRST_CLAIM,
  MINUTE,
  REMEMBERED,
  SECOND_CLAIM,
  type StoreCheck,
} from './lessons'
import type { Lesson } from './asked'
import { newKey, trialOf, type ReplayStoreCaseOptions, type Trial } from './trial'

/** One thing that a replay store must do. */
export interface ReplayStoreCase {
  readonly name: string
  /** Rejects with what went wrong, what it means and what to do. */
  readonly run: () => Promise<void>
}

/**
 * What every replay store must do, as data for any test runner:
 *
 *     for (const { name, run } of replayStoreCases(() => myStore())) it(name, run)
 *
 * @param open gives a fresh store or one that all cases share: each case has keys of its own
 */
export function replayStoreCases(
  open: () => Awaitable<ReplayStore>,
  options: ReplayStoreCaseOptions = {},
): readonly ReplayStoreCase[] {
  const checks = [
    shapeCheck(options.leases ?? false),
    ...basicChecks,
    ...retentionChecks,
    ...(options.peer ? sharedChecks(options.peer) : []),
    ...(options.leases ? leaseChecks : []),
  ]
  return checks.map(([name, check]) => ({
    name,
    run: async () => check(trialOf(await open(), options)),
  }))
}

const UNTOUCHED: Lesson = {
  when: 'a key that was only asked for',
  means: 'looking at a link, as mail scanners do, would use it up',
  fix: 'let `has` read, and write nothing',
}

const APART: Lesson = {
  when: 'a key that differs in one character from a claimed one',
  means: 'one credential uses up another, or passes for it',
  fix: 'store the whole key as it is: no folding of case, no shortening, a wide enough column with a binary collation',
}

const basicChecks: readonly StoreCheck[] = [
  [
    'says true to the first claim of a key and false to all later ones',
    async ({ claim, now }) => {
      const key = newKey()
      await claim(key, now() + MINUTE).answers(true, FIRST_CLAIM)
      await claim(key, now() + MINUTE).answers(false, SECOND_CLAIM)
      await claim(key, now() + 60 * MINUTE).answers(false, SECOND_CLAIM)
      await claim(key, Infinity).answers(false, SECOND_CLAIM)
    },
  ],
  ['answers with true and false themselves', realBooleans],
  ['has one winner among 64 who claim a key at once', oneWinner],
  ['gives 64 keys that are claimed at once to 64 callers', manyKeys],
  [
    'does not take a key that is only asked for',
    async ({ claim, has, now }) => {
      const key = newKey()
      await has(key).answers(false, UNTOUCHED)
      await has(key).answers(false, UNTOUCHED)
      await claim(key, now() + MINUTE).answers(true, UNTOUCHED)
    },
  ],
  [
    'knows a claimed key however often it is asked',
    async ({ claim, has, now }) => {
      const key = newKey()
      await claim(key, now() + MINUTE).answers(true, FIRST_CLAIM)
      await has(key).answers(true, REMEMBERED)
      await has(key).answers(true, REMEMBERED)
      await claim(key, now() + MINUTE).answers(false, SECOND_CLAIM)
    },
  ],
  ['tells keys apart that differ in the case of a letter', apart((key) => ['a' + key, 'A' + key])],
  ['tells keys apart that differ in their last character', apart((key) => [key + 'A', key + 'E'])],
  ['tells keys apart that differ in their first character', apart((key) => ['-' + key, '_' + key])],
]

async function realBooleans({ store, now }: Trial): Promise<void> {
  const key = newKey()
  const answers = [
    ['has', await store.has(key)],
    ['claim', await store.claim(key, now() + MINUTE)],
    ['claim', await store.claim(key, now() + MINUTE)],
    ['has', await store.has(key)],
  ] as const
  for (const [name, answer] of answers) {
    if (typeof answer === 'boolean') continue
    throw findingError(`\`${name}\` answered with no boolean`, {
      sent: `\`${name}\` for one key, before and after it was claimed`,
      received: `${JSON.stringify(answer) ?? 'undefined'}`,
      means: 'a guard takes that for no answer and refuses every user with 503',
      fix: 'compare what the database said: answer `reply === "OK"`, or `rowCount === 1`',
    })
  }
}

async function oneWinner({ store, now }: Trial): Promise<void> {
  const key = newKey()
  const expiresAt = now() + MINUTE
  const answers = await Promise.all(Array.from({ length: 64 }, () => store.claim(key, expiresAt)))
  const winners = answers.filter((answer) => Boolean(answer)) // no booleans: another case tells
  expectOneWinner(winners.length, '`claim` for one new key, 64 times at once')
}

async function manyKeys({ claim, now }: Trial): Promise<void> {
  const keys = Array.from({ length: 64 }, newKey)
  const expiresAt = now() + MINUTE
  const lesson = {
    when: 'a new key, while 63 others are claimed',
    means: 'users get in each other’s way',
    fix: 'let calls run side by side: no state of one call may be seen by another',
  }
  await Promise.all(keys.map((key) => claim(key, expiresAt).answers(true, lesson)))
  await Promise.all(keys.map((key) => claim(key, expiresAt).answers(false, SECOND_CLAIM)))
}

/** @param pair makes two keys that are almost the same, of one that is a character too short */
function apart(pair: (stem: string) => readonly [string, string]): StoreCheck[1] {
  return async ({ claim, has, now }) => {
    const [one, other] = pair(newKey().slice(1))
    await claim(one, now() + MINUTE).answers(true, FIRST_CLAIM)
    await has(other).answers(false, APART)
    await claim(other, now() + MINUTE).answers(true, APART)
    await claim(one, now() + MINUTE).answers(false, SECOND_CLAIM)
  }
}

function sharedChecks(openPeer: () => Awaitable<ReplayStore>): readonly StoreCheck[] {
  const lesson = {
    when: 'a key that was claimed through another handle',
    means: 'each process counts for itself: a link can be used once in each of them',
    fix: 'keep what is used in one place that all processes share, and answer when it is written',
  }
  const check = async ({ claim, now }: Trial): Promise<void> => {
    const key = newKey()
    await claim(key, now() + MINUTE).answers(true, FIRST_CLAIM)
    const peer = trialOf(await openPeer(), { now })
    await peer.has(key).answers(true, lesson)
    await peer.claim(key, now() + MINUTE).answers(false, lesson)
  }
  return [['shares what it knows with its other handles', check]]
}

function shapeCheck(leases: boolean): StoreCheck {
  const check = async ({ store }: Trial): Promise<void> => {
    if (typeof store.durable !== 'boolean') {
      throw findingError('`durable` is no boolean', {
        sent: '`store.durable`',
        received: `a value of type ${typeof store.durable}`,
        means:
          'nobody knows whether a restart makes used credentials fresh, so no guard accepts it',
        fix: 'set it to true if what the store remembers survives a restart, else to false',
      })
    }
    if (store.leases === undefined || leases) return
    throw findingError('The store has leases that nobody tests', {
      sent: '`store.leases`',
      received: 'an object',
      means: 'what `consume: { lease }` relies on is not looked at',
      fix: 'pass `leases: true` to replayStoreCases',
    })
  }
  return ['says plainly what it is', check]
}
