import { randomUUID } from 'node:crypto'
import type { JsonObject, Portal } from '@countersign/core'
import type { CauseId, Facts } from '../causes'
import type { Context } from '../context'
import { accepts, claimFields, unitOf, type ClaimField } from './fields'
import { kindOf } from './json'

/** A claim that is wrong. */
export interface ClaimProblem {
  readonly id: CauseId
  /** The member of the JSON to point at. */
  readonly member: string
  readonly facts: Facts
}

export interface CorrectedClaims {
  /** Claims that the portal accepts, but for their times and their audience. */
  readonly claims: JsonObject
  readonly problems: readonly ClaimProblem[]
}

/** Claims that the portal accepts, where what was sent contains none. */
export function sampleClaims(context: Context): JsonObject {
  const needed = claimFields(context.portal).filter((each) => {
    return each.property === 'expiresAt' || !accepts(each, undefined)
  })
  return Object.fromEntries(needed.map((each) => [each.claim, sample(each, context)]))
}

/** Corrects every claim that the portal does not accept. */
export function correctClaims(raw: JsonObject, context: Context): CorrectedClaims {
  const { portal } = context
  const fields = claimFields(portal)
  const problems: ClaimProblem[] = []
  const claims: Record<string, unknown> = { ...raw }
  for (const each of fields) {
    const value = Object.hasOwn(claims, each.claim) ? claims[each.claim] : undefined
    if (accepts(each, value)) continue
    const misnamed = value === undefined ? otherName(each, claims, fields) : undefined
    if (misnamed !== undefined) {
      const moved = claims[misnamed]
      delete claims[misnamed]
      problems.push(problem('claim-name', misnamed, { sent: misnamed, claim: each.claim }))
      claims[each.claim] = moved
      if (accepts(each, moved)) continue
    }
    const wrong = describe(each, claims[each.claim], context)
    problems.push({ ...wrong, member: misnamed ?? each.claim })
    claims[each.claim] = corrected(each, claims[each.claim], context)
  }
  return { claims, problems: [...problems, ...refuseUnknown(claims, portal, fields)] }
}

function problem(id: CauseId, member: string, facts: Facts): ClaimProblem {
  return { id, member, facts: { claim: member, ...facts } }
}

/** Removes members that a strict scheme refuses. */
function refuseUnknown(
  claims: Record<string, unknown>,
  { scheme }: Portal,
  fields: readonly ClaimField[],
): readonly ClaimProblem[] {
  if (scheme.claims.unknown !== 'refuse') return []
  const names = Object.keys(claims).filter((name) => !fields.some(({ claim }) => claim === name))
  for (const name of names) delete claims[name]
  const [first, ...others] = names
  if (first === undefined) return []
  const shown = [first, ...others.slice(0, 4)].map((name) => `"${name}"`).join(', ')
  return [problem('claim-unknown', first, { names: others.length > 4 ? `${shown} …` : shown })]
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

function otherName(
  { property }: ClaimField,
  claims: JsonObject,
  fields: readonly ClaimField[],
): string | undefined {
  const pattern = SYNONYMS[property]
  return Object.keys(claims).find(
    (name) => pattern?.test(name) && !fields.some(({ claim }) => claim === name),
  )
}

function describe(
  each: ClaimField,
  value: unknown,
  context: Context,
): Omit<ClaimProblem, 'member'> {
  const { claim, role } = each
  const wanted = role === 'time' ? unitOf(each.field) : 'text'
  const facts = { claim, wanted, sent: kindOf(value), length: String(String(value).length) }
  if (value === undefined) return { id: 'claim-missing', facts }
  if (role === 'time') return describeTime(each, value, facts)
  if (value === null || value === '') {
    return { id: 'claim-empty', facts: { ...facts, sent: value === '' ? 'empty' : '`null`' } }
  }
  if (typeof value === 'number' && accepts(each, 1)) return { id: 'claim-number-inexact', facts }
  if (typeof value !== 'string') return { id: 'claim-type', facts }
  return { id: describeText(each, value, context), facts: { ...facts, sent: value } }
}

function describeText(each: ClaimField, value: string, context: Context): CauseId {
  if (/\p{Cc}/u.test(value)) return 'claim-control-character'
  if (value.trim() !== value && accepts(each, value.trim())) return 'claim-white-space'
  if (/^(?:null|undefined|none|nil|nan|\[object object\])$/i.test(value.trim()))
    return 'claim-placeholder'
  const short = sample(each, context)
  if (value.length > 254 && accepts(each, short)) return 'claim-too-long'
  return accepts(each, 'ada@example.com') ? 'claim-email' : 'claim-url'
}

function describeTime(
  each: ClaimField,
  value: unknown,
  facts: Facts,
): Omit<ClaimProblem, 'member'> {
  const time = typeof value === 'number' && Number.isFinite(value) ? value : undefined
  if (time === undefined || time < 0) {
    const sent =
      time !== undefined ? 'negative' : typeof value === 'number' ? 'infinite' : kindOf(value)
    return { id: 'time-type', facts: { ...facts, sent } }
  }
  const units =
    unitOf(each.field) === 'seconds' ? ['milliseconds', 'seconds'] : ['seconds', 'milliseconds']
  return { id: 'time-unit', facts: { ...facts, sent: units[0] ?? '', wanted: units[1] ?? '' } }
}

/** A value that the portal accepts, as near to the one that was sent as possible. */
function corrected(each: ClaimField, value: unknown, context: Context): unknown {
  const guesses: readonly unknown[] =
    each.role === 'time'
      ? times(each, value)
      : [
          textOf(value),
          textOf(value)
            .replaceAll(/\p{Cc}/gu, ' ')
            .trim(),
        ]
  const right = guesses.find((guess) => guess !== '' && accepts(each, guess))
  return right ?? sample(each, context)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : ''
}

function times(each: ClaimField, value: unknown): readonly unknown[] {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  const date = typeof value === 'string' ? Date.parse(value) : Number.NaN
  const written = Number.isNaN(date) ? [] : [each.field.write(date as never)] // a time is written from milliseconds
  if (typeof number !== 'number' || !Number.isFinite(number)) return written
  return [number, number / 1000, number * 1000, ...written].map((time) =>
    Math.floor(time as number),
  ) // numbers, all
}

/** A value of the right kind, where what was sent says nothing. */
function sample(each: ClaimField, { now, audience }: Context): unknown {
  if (each.role === 'time') {
    const later = each.property === 'expiresAt' ? 60_000 : 0
    return each.field.write((now + later) as never) // a time is written from milliseconds
  }
  if (each.role === 'audience') return audience ?? 'project'
  if (each.role === 'nonce') return randomUUID()
  const guesses = ['ada', 'ada@example.com', 'https://example.com/a.png', 1, true]
  return guesses.find((guess) => accepts(each, guess))
}
