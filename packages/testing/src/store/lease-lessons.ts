import type { Lease } from '@countersign/core'
import { MINUTE } from './lessons'
import type { Lesson } from './asked'
import { NEW_TO_LEASES, newOwner, type Trial } from './trial'

export const HELD: Lesson = {
  when: 'a key that somebody has on lease',
  means: 'two requests use one credential at the same time',
  fix: 'let `reserve`, `look`, `has` and `claim` take a lease that has not run out for taken, and write nothing then',
}

export const OWNED: Lesson = {
  when: 'a key by the owner of its lease',
  means: 'what a user has done is not counted, or the user is locked out',
  fix: 'let the owner of a lease make it final',
}

export const RELEASED: Lesson = {
  when: 'a key that its owner gave back',
  means: 'a request that failed has used the credential up all the same',
  fix: 'remove the entry where the owner is the same and it is only on lease, and answer whether it did',
}

export const USED: Lesson = {
  when: 'a key that was used for good',
  means: 'the credential can be used twice',
  fix: 'keep a final entry apart from a leased one: it is "used" for everyone until it ends',
}

export const LOST: Lesson = {
  when: 'a key that nobody has',
  means: 'nobody can use the credential',
  fix: 'take a free key',
}

/** For a minute, by an owner of its own. */
export function newLease(): Lease {
  return { owner: newOwner(), duration: MINUTE }
}

/** @returns the owner that has the key on lease now */
export async function takenBy({ reserve }: Trial, key: string): Promise<string> {
  const lease = newLease()
  await reserve(key, lease).answers('free', NEW_TO_LEASES)
  return lease.owner
}
