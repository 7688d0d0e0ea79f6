import { findingError } from '../finding'
import type { Lesson } from './asked'
import type { Trial } from './trial'

/** A name and what must hold under it. */
export type StoreCheck = readonly [name: string, check: (trial: Trial) => Promise<void>]

export const MINUTE = 60_000

const ATOMIC =
  'decide in one atomic step, as SET … NX or INSERT … ON CONFLICT DO NOTHING do, and answer true to its winner only'

export const FIRST_CLAIM: Lesson = {
  when: 'a key that nobody has claimed',
  means: 'nobody could use the credential',
  fix: ATOMIC,
}

export const SECOND_CLAIM: Lesson = {
  when: 'a key that was claimed before',
  means: 'the credential can be used twice',
  fix: ATOMIC,
}

export const REMEMBERED: Lesson = {
  when: 'a key that was claimed',
  means: 'a used link looks fresh to whoever opens it',
  fix: 'let `has` read what `claim` wrote',
}

/** @param sent what was asked 64 times at once, for one key */
export function expectOneWinner(winners: number, sent: string): void {
  if (winners === 1) return
  const received = `${winners} of 64 were told that they were first`
  if (winners > 1) {
    throw findingError('callers were both told they were first: the link can be used twice', {
      sent,
      received,
      means:
        'between looking and taking, others look too: who is quick uses the credential more than once',
      fix: ATOMIC,
    })
  }
  throw findingError('no caller was told that it was first: the link can be used by nobody', {
    sent,
    received,
    means: 'two clicks at once use the credential up for nothing',
    fix: ATOMIC,
  })
}
