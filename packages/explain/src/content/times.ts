import type { JsonObject, RejectionCode } from '@countersign/core'
import type { CauseId, Facts } from '../causes'
import type { Context } from '../context'
import type { ClaimProblem } from './claims'
import { claimFields, type ClaimField } from './fields'

/** Claims without the problem that a rejection names. */
export interface Corrected {
  readonly claims: JsonObject
  readonly problem: ClaimProblem
}

/** Corrects what core has refused in claims of the right types: a time or the audience. */
export function correctRefused(
  claims: JsonObject,
  code: RejectionCode,
  context: Context,
): Corrected | undefined {
  const fields = claimFields(context.portal)
  const find = (property: string) => fields.find((each) => each.property === property)
  if (code === 'audience_mismatch') return correctAudience(claims, find('audience'), context)
  const times = readTimes(claims, {
    issued: find('issuedAt'),
    end: find('expiresAt'),
    start: find('notBefore'),
  })
  return correctTimes(claims, code, times, context)
}

interface Times {
  readonly issued: Moment | undefined
  readonly end: Moment | undefined
  readonly start: Moment | undefined
}

interface Moment {
  readonly each: ClaimField
  /** Milliseconds; `null` for a time that is not there. */
  readonly ms: number | null
}

function readTimes(
  claims: JsonObject,
  fields: Readonly<Record<keyof Times, ClaimField | undefined>>,
): Times {
  const read = (each: ClaimField | undefined): Moment | undefined =>
    each && { each, ms: each.field.read(claims[each.claim]) as number | null } // a time is read as milliseconds
  return { issued: read(fields.issued), end: read(fields.end), start: read(fields.start) }
}

function correctTimes(
  claims: JsonObject,
  code: RejectionCode,
  times: Times,
  context: Context,
): Corrected | undefined {
  const { now, portal } = context
  const { issued, end, start } = times
  const change = (id: CauseId, at: Moment | undefined, facts: Facts): Corrected | undefined =>
    at && { claims: fresh(claims, times, context), problem: problemOf(id, at.each.claim, facts) }
  if (code === 'token_expired') {
    const ms = end?.ms ?? (issued?.ms ?? 0) + (portal.scheme.limits.window ?? 0) * 1000
    return change('expired', end ?? issued, { ago: span(now - ms), time: iso(ms) })
  }
  if (code === 'lifetime_exceeded') {
    const facts = {
      length: span((end?.ms ?? 0) - (issued?.ms ?? now)),
      limit: span(portal.scheme.limits.maxLifetime * 1000),
    }
    return change('lifetime-too-long', end, facts)
  }
  if (code === 'token_not_yet_valid') {
    const late = (issued?.ms ?? 0) > now + context.clockTolerance * 1000 ? issued : start
    const ahead = (late?.ms ?? 0) - now
    const id = late === start ? 'not-before-in-future' : 'issued-in-future'
    return change(id, late, { ahead: span(ahead), time: iso(late?.ms ?? 0), hint: zoneHint(ahead) })
  }
  if (code !== 'claims_invalid') return undefined
  if (end?.ms === null) return change('never-expires', end, {})
  const equal = end?.ms === issued?.ms
  return change('expires-before-issue', end, {
    sent: equal ? 'at the moment of its issue' : 'before it was issued',
  })
}

/** A whole number of hours or half hours is a time zone. */
function zoneHint(ahead: number): string {
  const half = 30 * 60_000
  const rest = Math.abs(ahead - Math.round(ahead / half) * half)
  return ahead >= half - 60_000 && rest <= 60_000
    ? ', which looks like local time that was taken for UTC'
    : ''
}

/** Issued now, for an ordinary lifetime. */
function fresh(
  claims: JsonObject,
  { issued, end, start }: Times,
  { now, portal }: Context,
): JsonObject {
  const lifetime =
    Math.min(portal.scheme.address.expiresIn, portal.scheme.limits.maxLifetime) * 1000
  const write = (moment: Moment | undefined, ms: number): JsonObject =>
    moment ? { [moment.each.claim]: moment.each.field.write(ms as never) } : {} // a time is written from milliseconds
  return {
    ...claims,
    ...write(issued, now),
    ...write(end, now + Math.min(lifetime, 60_000)),
    ...(start?.ms ? write(start, now) : {}),
  }
}

function correctAudience(
  claims: JsonObject,
  each: ClaimField | undefined,
  context: Context,
): Corrected | undefined {
  if (!each) return undefined
  const sent = String(claims[each.claim])
  const wanted = context.audience ?? ''
  const isNear =
    sent.trim().toLowerCase() === wanted.toLowerCase() ||
    (sent.length > 1 && wanted.startsWith(sent))
  const id = isNear ? 'audience-spelling' : 'audience-other'
  const problem = problemOf(id, each.claim, { sent, wanted })
  return { claims: { ...claims, [each.claim]: wanted }, problem }
}

function problemOf(id: CauseId, member: string, facts: Facts): ClaimProblem {
  return { id, member, facts: { claim: member, ...facts } }
}

function iso(ms: number): string {
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString() : 'no date'
}

const UNITS = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1_000, 'second'],
] as const

/** A span in words, in at most two units. */
export function span(ms: number): string {
  if (ms < 1000) return 'less than a second'
  const parts: string[] = []
  let rest = Math.round(ms / 1000) * 1000
  for (const [size, name] of UNITS) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? '' : 's'}`)
  }
  return parts.slice(0, 2).join(' ')
}
