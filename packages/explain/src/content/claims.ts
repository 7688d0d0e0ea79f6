import { randomUUID } from 'node:crypto'
import type { JsonObject } from '@countersign/core'
import type { CauseId, Facts } from '../causes'
import type { Context } from '../context'
import { accepts, unitOf, type ClaimField } from './fields'
import { kindOf } from './json'

/** A claim that is wrong. */
export interface ClaimProblem {
  readonly id: CauseId
  /** The member of the JSON to point at. */
  readonly member: string
  readonly facts: Facts
}

interface CorrectedClaims {
  /** Claims that the portal accepts, but for their times and their audience. */
  readonly claims: JsonObject
  readonly problems: readonly ClaimProblem[]
}

/** Claims that the portal accepts, where what was sent contains none. */
export function sampleClaims(context: Context): JsonObject {
  const needed = context.fields.filter((each) => {
    return each.property === 'expiresAt' || !accepts(each, undefined)
  })
  return Object.fromEntries(needed.map((each) => [each.claim, sample(each, context)]))
}

/** Corrects every claim that the portal does not accept. */
export function correctClaims(raw: JsonObject, context: Context): CorrectedClaims {
  const problems: ClaimProblem[] = []
  const claims: Record<string, unknown> = { ...raw }
  for (const each of context.fields) {
    const { claim } = each
    const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined
    if (accepts(each, value)) continue
    const other = value === undefined ? otherName(each, claims, context) : undefined
    if (other !== undefined) {
      problems.push({ id: 'claim-name', member: other, facts: { sent: other, claim } })
      claims[claim] = claims[other]
      delete claims[other]
      if (accepts(each, claims[claim])) continue
    }
    const [id, facts] = describe(each, claims[claim], context)
    problems.push({ id, member: other ?? claim, facts: { claim, ...facts } })
    claims[claim] = corrected(each, claims[claim], context)
  }
  return { claims, problems: [...problems, ...removeUnknown(claims, context)] }
}

/** Removes members that a strict scheme refuses. */
function removeUnknown(
  claims: Record<string, unknown>,
  { portal, fields }: Context,
): readonly ClaimProblem[] {
  const table = portal.scheme.claims
  if (table.unknown !== 'refuse') return []
  const takers = Object.values(table.user)
  const isKnown = (name: string): boolean =>
    fields.some(({ claim }) => claim === name) || takers.some((field) => field.takes?.(name))
  const unknown = Object.keys(claims).filter((name) => !isKnown(name))
  for (const name of unknown) delete claims[name]
  const [first] = unknown
  if (first === undefined) return []
  const shown = unknown.slice(0, 5).map((name) => `"${name}"`)
  const names = shown.join(', ') + (unknown.length > 5 ? ' …' : '')
  return [{ id: 'claim-unknown', member: first, facts: { claim: first, names } }]
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
  const isTaken = (name: string): boolean => fields.some(({ claim }) => claim === name)
  const pattern = SYNONYMS[each.property]
  return Object.keys(claims).find((name) => pattern?.test(name) && !isTaken(name))
}

function describe(
  each: ClaimField,
  value: unknown,
  context: Context,
): readonly [id: CauseId, facts: Facts] {
  const { role, field, property } = each
  const wanted = role === 'time' ? unitOf(field) : 'text'
  const sent = kindOf(value)
  if (value === undefined) return ['claim-missing', { wanted }]
  if (role === 'fixed')
    return ['claim-fixed', { sent: typeof value === 'string' ? value : sent, wanted: property }]
  if (role === 'time') {
    if (typeof value !== 'number') return ['time-type', { wanted, sent }]
    if (!Number.isFinite(value)) return ['time-type', { wanted, sent: 'infinite' }]
    if (value < 0) return ['time-type', { wanted, sent: 'negative' }]
    return ['time-unit', { wanted, sent: wanted === 'seconds' ? 'milliseconds' : 'seconds' }]
  }
  if (value === null || value === '') {
    return ['claim-empty', { wanted, sent: value === '' ? 'empty' : sent }]
  }
  if (typeof value === 'number' && accepts(each, 1)) return ['claim-number-inexact', { sent }]
  if (typeof value !== 'string') return ['claim-type', { wanted, sent }]
  return [textProblem(each, value, context), { sent: value, length: String(value.length) }]
}

function textProblem(each: ClaimField, value: string, context: Context): CauseId {
  if (/\p{Cc}/u.test(value)) return 'claim-control-character'
  if (value.trim() !== value && accepts(each, value.trim())) return 'claim-white-space'
  if (/^(?:null|undefined|none|nil|nan|\[object object\])$/i.test(value.trim()))
    return 'claim-placeholder'
  if (value.length > 254 && accepts(each, sample(each, context))) return 'claim-too-long'
  return accepts(each, 'ada@example.com') ? 'claim-email' : 'claim-url'
}

/** A value that the portal accepts; of a time, as near to the one that was sent as possible. */
function corrected(each: ClaimField, value: unknown, context: Context): unknown {
  const guesses = each.role === 'time' ? times(each, value) : []
  return guesses.find((guess) => accepts(each, guess)) ?? sample(each, context)
}

function times({ field }: ClaimField, value: unknown): readonly unknown[] {
  const date = typeof value === 'string' ? Date.parse(value) : Number.NaN
  const number = typeof value === 'number' ? value : Number(value || Number.NaN)
  const numbers = [number, number / 1000, number * 1000].map((time) => Math.floor(time))
  const written = Number.isNaN(date) ? [] : [field.write(date as never)] // a time is written from milliseconds
  return typeof value === 'boolean' ? [] : [...numbers, ...written]
}

/** A value of the right kind, where what was sent says nothing. */
function sample({ role, property, field }: ClaimField, { now, audience }: Context): unknown {
  if (role === 'time') return field.write((now + (property === 'expiresAt' ? 60_000 : 0)) as never) // a time is written from milliseconds
  if (role === 'audience') return audience ?? 'project'
  if (role === 'fixed') return property
  if (role === 'nonce') return randomUUID()
  const guesses = ['ada', 'ada@example.com', 'https://example.com/a.png', 1, true]
  return guesses.find((guess) => accepts({ field }, guess))
}
