import { createHmac } from 'node:crypto'
import { memoryReplayStore, type ReplayStore } from '@countersign/core'
import { sendRaw, type RawAnswer, type RawRequest } from '../src'
import { outcomeOf } from './lease-kit'
import { NOW, now, SECRET } from './transport-kit'

/** When the links of these tests end, in milliseconds since the epoch. */
export const EXP: number = NOW + 60_000

export const REPLAYED = '401 token_replayed'
export const IN_PROGRESS = '409 nonce_in_progress'

/** A link written with node:crypto alone: JSON as it stands, signed as it stands. */
export function sealed(json: string, secret: string = SECRET.harlyy): string {
  const payload = Buffer.from(json).toString('base64')
  return `${payload}.${createHmac('sha256', secret).update(payload).digest('base64')}`
}

/** The request of somebody who clicks on a link. */
export function click(credential: string, method = 'POST'): RawRequest {
  return { method, target: `/survey?sig=${encodeURIComponent(credential)}` }
}

/** A link with this nonce. */
export function linkFor(nonce: string, secret?: string): string {
  return sealed(JSON.stringify({ nonce, exp: EXP }), secret)
}

/** Sends all at once, each on a connection of its own. @returns what came, in the order of the requests */
export async function race(port: number, requests: readonly RawRequest[]): Promise<string[]> {
  const answers = await Promise.all(requests.map((request) => sendRaw(port, request)))
  return answers.map((answer: RawAnswer) => outcomeOf(answer))
}

/** How often each outcome is there. */
export function tally(outcomes: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}

/** A memory store that notes what it is asked. */
export function notingStore(clock: () => number = now) {
  const inner = memoryReplayStore({ now: clock, uptime: clock })
  const claims: { readonly key: string; readonly expiresAt: number }[] = []
  let looks = 0
  const store: ReplayStore = {
    ...inner,
    claim(key, expiresAt) {
      claims.push({ key, expiresAt })
      return inner.claim(key, expiresAt)
    },
    has(key) {
      looks++
      return inner.has(key)
    },
  }
  return { store, claims, looks: () => looks }
}

export function times<Value>(count: number, make: (index: number) => Value): Value[] {
  return Array.from({ length: count }, (_, index) => make(index))
}
