import { HELD, LOST, newLease, OWNED, takenBy, USED } from './lease-lessons'
import { MINUTE, type StoreCheck } from './lessons'
import type { Lesson } from './asked'
import { newKey, newOwner, type Trial } from './trial'

const RUN_OUT: Lesson = {
  when: 'a key whose lease has run out',
  means: 'a handler that crashed keeps the credential from its user',
  fix: 'take a key whose lease has run out for free',
}

const OVERTAKEN: Lesson = {
  when: 'a key that somebody else has taken since the lease ran out',
  means: 'a slow request overwrites the one that came after it',
  fix: 'compare the owner in the same atomic step that changes the entry',
}

const LATE: Lesson = {
  when: 'a key whose lease ran out while nobody else took it',
  means: 'what a slow handler did is not counted: the credential can be used again',
  fix: 'let `commit` also write where there is no live entry',
}

const KEPT: Lesson = {
  when: 'a key that was made final',
  means: 'the credential can be used a second time',
  fix: 'give a final entry an end of its own: its `expiresAt`, and a minute at least. Not the end of the lease',
}

/** What holds when a lease ends, and after it was made final. */
export const leaseEndChecks: readonly StoreCheck[] = [
  [
    'frees a key whose lease has run out',
    async (trial) => {
      const key = newKey()
      await trial.runOut(key, newOwner())
      await trial.has(key).answers(false, RUN_OUT)
      await trial.reserve(key, newLease()).answers('free', RUN_OUT)
      await trial.look(key).answers('leased', HELD)
    },
  ],
  [
    'lets a key be claimed whose lease has run out',
    async (trial) => {
      const key = newKey()
      const owner = newOwner()
      await trial.runOut(key, owner)
      await trial.claim(key, trial.now() + MINUTE).answers(true, RUN_OUT)
      await trial.commit(key, inAMinute(trial, owner)).answers(false, OVERTAKEN)
      await trial.look(key).answers('used', USED)
    },
  ],
  [
    'makes a lease final that has run out, if nobody else has the key',
    async (trial) => {
      const key = newKey()
      const owner = newOwner()
      await trial.runOut(key, owner)
      await trial.commit(key, inAMinute(trial, owner)).answers(true, LATE)
      await trial.commit(key, inAMinute(trial, owner)).answers(true, LATE)
      await trial.look(key).answers('used', LATE)
      await trial.reserve(key, newLease()).answers('used', LATE)
    },
  ],
  [
    'makes no lease final whose key somebody else has taken meanwhile',
    async (trial) => {
      const { key, owner, next } = await overtaken(trial)
      await trial.commit(key, inAMinute(trial, owner)).answers(false, OVERTAKEN)
      await trial.look(key).answers('leased', OVERTAKEN)
      await trial.commit(key, inAMinute(trial, next)).answers(true, OVERTAKEN)
    },
  ],
  [
    'gives no key back that somebody else has taken meanwhile',
    async (trial) => {
      const { key, owner, next } = await overtaken(trial)
      await trial.release(key, owner).answers(false, OVERTAKEN)
      await trial.look(key).answers('leased', OVERTAKEN)
      await trial.commit(key, inAMinute(trial, next)).answers(true, OVERTAKEN)
    },
  ],
  [
    'takes a lease with a fraction of a millisecond',
    async ({ reserve, look }) => {
      const key = newKey()
      const lease = { owner: newOwner(), duration: 60_000.25 }
      await reserve(key, lease).answers('free', { ...LOST, fix: 'round the duration up' })
      await look(key).answers('leased', HELD)
    },
  ],
  final('an end that is past', (now) => now - MINUTE),
  final('an end in more than 24.8 days', (now) => now + 30 * 86_400_000),
  final('no end at all', () => Infinity),
  ['refuses to make a lease final until NaN', finalUntilNaN],
]

function inAMinute({ now }: Trial, owner: string): { owner: string; expiresAt: number } {
  return { owner, expiresAt: now() + MINUTE }
}

async function overtaken(trial: Trial): Promise<{ key: string; owner: string; next: string }> {
  const key = newKey()
  const owner = newOwner()
  await trial.runOut(key, owner)
  return { key, owner, next: await takenBy(trial, key) }
}

function final(name: string, expiresAt: (now: number) => number): StoreCheck {
  return [
    `keeps what was made final with ${name}`,
    async (trial) => {
      const key = newKey()
      const owner = await takenBy(trial, key)
      await trial.commit(key, { owner, expiresAt: expiresAt(trial.now()) }).answers(true, OWNED)
      await trial.stays(key, KEPT)
      await trial.look(key).answers('used', KEPT)
    },
  ]
}

async function finalUntilNaN(trial: Trial): Promise<void> {
  const key = newKey()
  const owner = await takenBy(trial, key)
  await trial.commit(key, { owner, expiresAt: Number.NaN }).refuses({
    when: 'a leased key, with NaN as `expiresAt`',
    means: 'a mistake elsewhere is taken for a use: the entry is forgotten at once, or never',
    fix: 'reject where `expiresAt > 0` does not hold',
  })
  await trial.look(key).answers('leased', HELD)
}
