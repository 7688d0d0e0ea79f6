import { randomUUID } from 'node:crypto'
import type { JsonObject } from '@countersign/core'
import type { CauseId, Facts } from '../causes'
import type { Context } from '../context'
import { accepts, refusal, unitOf, type ClaimField } from '../format'
import { shown } from '../apart/json'

/**
 * Says what is wrong with a claim.
 * @param member the member of the JSON to point at
 */
export type NoteClaim = (id: CauseId, member: string, facts?: Facts) => void

/**
 * Corrects every claim that the portal does not accept.
 * @returns claims that it accepts, but for their times and their audience
 */
export function correctClaims(raw: JsonObject, context: Context, note: NoteClaim): JsonObject {
  const claims: Record<string, unknown> = { ...raw }
  const missing: string[] = []
  for (const each of context.fields) {
    const { claim } = each
    const value = (): unknown => (Object.hasOwn(claims, claim) ? claims[claim] : undefined)
    if (accepts(each, value())) continue
    const other = value() === undefined ? otherName(each, claims, context) : undefined
    if (other !== undefined) {
      note('claim-name', other, { claim, sent: other })
      claims[claim] = claims[other]
      delete claims[other]
    }
    const detail = refusal(each, value())
    if (detail === null) continue
    if (value() === undefined) missing.push(claim)
    else {
      const [id, facts] = problemOf(each, value(), detail)
      note(id, other ?? claim, { claim, ...facts })
    }
    claims[claim] = corrected(each, value(), context)
  }
  if (missing.length > 0) note('claim-missing', '', { names: listOf(missing) })
  removeUnknown(claims, context, note)
  return claims
}

/** Removes members that a strict scheme refuses. */
function removeUnknown(
  claims: Record<string, unknown>,
  { portal, fields }: Context,
  note: NoteClaim,
): void {
  const { unknown: policy, user } = portal.scheme.claims
  const takers = Object.values(user)
  const unknown = Object.keys(claims).filter((name) => {
    const isRead = fields.some(({ claim }) => claim === name)
    return !isRead && !takers.some((field) => field.takes?.(name))
  })
  const [first] = policy === 'refuse' ? unknown : []
  if (first === undefined) return
  for (const name of unknown) delete claims[name]
  note('claim-unknown', first, { names: listOf(unknown) })
}

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `"${name}"`)
  return shown.join(', ') + (names.length > 5 ? ' …' : '')
}

/** Names that other vendors and programs use for the same thing. */
const SYNONYMS: Readonly<Record<string, RegExp>> = {
  id: /^(?:id|uid|sub|user|user_?id|userid|external_?id|customer_?id|account_?id|identifier)$/i,
  email: /^(?:e_?mail|e-mail|mail|email_?address|user_?email)$/i,
  name: /^(?:name|full_?name|display_?name|user_?name|username)$/i,
  avatar: /^(?:avatar|avatar_?url|picture|image|photo|profile_?picture)$/i,
  issuedAt: /^(?:iat|timestamp|ts|time|issued_?at|created_?at|now)$/i,
  expiresAt: /^(?:exp|expires|expiry|expires_?at|expiration|valid_?until|ttl)$/i,
  audience: /^(?:aud|audience|project|project_?key|project_?id|key|workspace_?id)$/i,
  nonce: /^(?:nonce|jti|id|uuid|token|unique_?id)$/i,
}

function otherName(each: ClaimField, claims: JsonObject, { fields }: Context): string | undefined {
  const pattern = SYNONYMS[each.property]
  return Object.keys(claims).find(
    (name) => pattern?.test(name) && fields.every(({ claim }) => claim !== name),
  )
}

/** @param detail what core says of it */
function problemOf(
  { role, field }: ClaimField,
  value: unknown,
  detail: string,
): readonly [id: CauseId, facts: Facts] {
  if (role === 'time' && typeof value === 'number') {
    const [wanted, sent, meant] =
      unitOf(field) === 'seconds'
        ? ['seconds', 'milliseconds', value / 1000]
        : ['milliseconds', 'seconds', value * 1000]
    if (accepts({ field }, meant))
      return ['time-unit', { wanted: String(wanted), sent: String(sent) }]
  }
  return [role === 'time' ? 'time-value' : 'claim-value', { detail, sent: shown(value) }]
}

/** A value that the portal accepts; of a time, as near to the one that was sent as possible. */
function corrected(each: ClaimField, value: unknown, context: Context): unknown {
  const guesses = each.role === 'time' ? times(each, value) : []
  return guesses.find((guess) => accepts(each, guess)) ?? sample(each, context)
}

function times({ field }: ClaimField, value: unknown): readonly unknown[] {
  if (typeof value !== 'string' && typeof value !== 'number') return []
  const number = value === '' ? Number.NaN : Number(value)
  const date = typeof value === 'string' ? Date.parse(value) : Number.NaN
  const numbers = [number, number / 1000, number * 1000].map((time) => Math.floor(time))
  return [...numbers, field.write(date as never)] // a time is written from milliseconds
}

/** A value of the right kind, where what was sent says nothing. */
function sample({ role, property, field }: ClaimField, { now, audience }: Context): unknown {
  if (role === 'time') return field.write((now + (property === 'expiresAt' ? 60_000 : 0)) as never) // a time is written from milliseconds
  if (role === 'audience') return audience ?? 'project'
  if (role === 'nonce') return randomUUID()
  const guesses = ['ada', 'ada@example.com', 'https://example.com/a.png', 1, true, property]
  return guesses.find((guess) => accepts({ field }, guess))
}
