import type { UseState } from '@countersign/core'
import { expectOneWinner, MINUTE, type StoreCheck } from './lessons'
import { leaseEndChecks } from './lease-ends'
import { HELD, LOST, newLease, OWNED, RELEASED, takenBy, USED } from './lease-lessons'
import type { Lesson } from './asked'
import { newKey, newOwner, type Trial } from './trial'

const ACTIONS = {
  fix: 'compare the owner in the same atomic step that changes the entry',
} as const

const NOT_YOURS: Lesson = {
  when: 'a key that another owner has on lease',
  means: 'one request decides over another’s credential',
  ...ACTIONS,
}

const RELEASE_USED: Lesson = {
  when: 'a key that was used for good',
  means: 'a used credential becomes fresh again: it can be used twice',
  fix: 'release a key only while it is on lease',
}

/** What a store's leases must do. */
export const leaseChecks: readonly StoreCheck[] = [
  ['reserves a free key for one owner, and not for another', reservedForOne],
  [
    'takes a leased key for taken, whoever asks',
    async (trial) => {
      const key = newKey()
      const owner = await takenBy(trial, key)
      await trial.look(key).answers('leased', HELD)
      await trial.has(key).answers(true, HELD)
      await trial.claim(key, trial.now() + MINUTE).answers(false, HELD)
      await trial.look(key).answers('leased', HELD)
      await commitOf(trial, key, owner).answers(true, OWNED)
    },
  ],
  ['makes a lease final for its owner, as often as it asks', committedTwice],
  [
    'makes a lease final for nobody else',
    async (trial) => {
      const key = newKey()
      const owner = await takenBy(trial, key)
      await commitOf(trial, key, newOwner()).answers(false, NOT_YOURS)
      await trial.look(key).answers('leased', NOT_YOURS)
      await commitOf(trial, key, owner).answers(true, OWNED)
    },
  ],
  [
    'gives a key back for its owner, once',
    async (trial) => {
      const key = newKey()
      const owner = await takenBy(trial, key)
      await trial.release(key, owner).answers(true, RELEASED)
      await trial.look(key).answers('free', RELEASED)
      await trial.has(key).answers(false, RELEASED)
      await trial
        .release(key, owner)
        .answers(false, { ...RELEASED, when: 'a key given back before' })
      await trial.reserve(key, newLease()).answers('free', RELEASED)
    },
  ],
  [
    'gives a key back for nobody else',
    async (trial) => {
      const key = newKey()
      const owner = await takenBy(trial, key)
      await trial.release(key, newOwner()).answers(false, NOT_YOURS)
      await trial.look(key).answers('leased', NOT_YOURS)
      await commitOf(trial, key, owner).answers(true, OWNED)
    },
  ],
  ['tells owners apart that differ in the case of a letter', ownersApart],
  ['takes a claimed key for used', claimedIsUsed],
  [
    'gives a key that was used for good back to nobody',
    async (trial) => {
      const key = newKey()
      const owner = await takenBy(trial, key)
      await commitOf(trial, key, owner).answers(true, OWNED)
      await trial.release(key, owner).answers(false, RELEASE_USED)
      await trial.look(key).answers('used', RELEASE_USED)
      await trial.has(key).answers(true, RELEASE_USED)
      await trial.reserve(key, { owner, duration: MINUTE }).answers('used', RELEASE_USED)
    },
  ],
  [
    'keeps the leases of different keys apart',
    async (trial) => {
      const [one, other] = [newKey(), newKey()]
      const owner = await takenBy(trial, one)
      await trial.reserve(other, { owner, duration: MINUTE }).answers('free', NOT_YOURS)
      await trial.release(one, owner).answers(true, RELEASED)
      await trial.look(other).answers('leased', HELD)
    },
  ],
  ['has one winner among 64 who reserve a key at once', oneReserver],
  ['has one winner among 64 who claim or reserve a key at once', oneOfBoth],
  ...leaseEndChecks,
]

function commitOf({ commit, now }: Trial, key: string, owner: string): ReturnType<Trial['commit']> {
  return commit(key, { owner, expiresAt: now() + MINUTE })
}

async function reservedForOne(trial: Trial): Promise<void> {
  const key = newKey()
  const owner = await takenBy(trial, key)
  await trial.reserve(key, newLease()).answers('leased', HELD)
  await trial.reserve(key, { owner, duration: MINUTE }).answers('free', {
    when: 'a key that this owner has on lease already',
    means: 'a client that lost the answer and asks again locks itself out',
    fix: 'answer "free" to the owner of the lease',
  })
  await trial.reserve(key, newLease()).answers('leased', HELD)
}

async function committedTwice(trial: Trial): Promise<void> {
  const key = newKey()
  const owner = await takenBy(trial, key)
  await commitOf(trial, key, owner).answers(true, OWNED)
  await commitOf(trial, key, owner).answers(true, {
    when: 'a key that this owner has made final already',
    means: 'a client that lost the answer believes that somebody else used the credential',
    fix: 'keep the owner with a final entry, and answer true to it again',
  })
  await trial.look(key).answers('used', USED)
  await trial.has(key).answers(true, USED)
  await trial.reserve(key, newLease()).answers('used', USED)
  await trial.claim(key, trial.now() + MINUTE).answers(false, USED)
  await commitOf(trial, key, newOwner()).answers(false, USED)
}

async function ownersApart(trial: Trial): Promise<void> {
  const key = newKey()
  const stem = newOwner().slice(1)
  await trial.reserve(key, { owner: `a${stem}`, duration: MINUTE }).answers('free', OWNED)
  await trial.reserve(key, { owner: `A${stem}`, duration: MINUTE }).answers('leased', HELD)
  await trial.release(key, `A${stem}`).answers(false, NOT_YOURS)
  await commitOf(trial, key, `A${stem}`).answers(false, NOT_YOURS)
  await commitOf(trial, key, `a${stem}`).answers(true, OWNED)
}

async function claimedIsUsed(trial: Trial): Promise<void> {
  const key = newKey()
  const owner = newOwner()
  await trial.claim(key, trial.now() + MINUTE).answers(true, LOST)
  await trial.look(key).answers('used', USED)
  await trial.reserve(key, { owner, duration: MINUTE }).answers('used', USED)
  await commitOf(trial, key, owner).answers(false, USED)
  await trial.release(key, owner).answers(false, RELEASE_USED)
  await trial.has(key).answers(true, USED)
}

async function oneReserver({ leases }: Trial): Promise<void> {
  const key = newKey()
  const answers = await Promise.all(
    Array.from({ length: 64 }, () => leases().reserve(key, newLease())),
  )
  const winners = answers.filter((answer) => answer === 'free')
  expectOneWinner(winners.length, '`reserve` for one new key, by 64 owners at once')
}

async function oneOfBoth({ store, leases, now }: Trial): Promise<void> {
  const key = newKey()
  const expiresAt = now() + MINUTE
  const ask = (index: number): Promise<boolean | UseState> =>
    index % 2 === 0 ? store.claim(key, expiresAt) : leases().reserve(key, newLease())
  const answers = await Promise.all(Array.from({ length: 64 }, (_, index) => ask(index)))
  const winners = answers.filter((answer) => answer === true || answer === 'free')
  expectOneWinner(winners.length, '`claim` and `reserve` for one new key, 32 times each at once')
}
