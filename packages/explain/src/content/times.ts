import type { JsonObject, RejectionCode } from '@countersign/core'
import type { CauseId, Facts } from '../causes'
import type { Context } from '../context'
import type { ClaimProblem } from './claims'
import type { ClaimField } from './fields'

/** A time of a credential: milliseconds, `null` for one that is not there. */
interface Moment {
  readonly each: ClaimField
  readonly ms: number | null
}

/**
 * Corrects what core has refused in claims of the right types: a time or the audience.
 * @returns claims without the problem that the rejection names
 */
export function correctRefused(
  claims: JsonObject,
  code: RejectionCode,
  context: Context,
): { readonly claims: JsonObject; readonly problem: ClaimProblem } | undefined {
  const momentOf = (property: string): Moment | undefined => {
    const each = context.fields.find((field) => field.property === property)
    return each && { each, ms: each.field.read(claims[each.claim]) as number | null } // a time is read as milliseconds
  }
  if (code === 'audience_mismatch') return correctAudience(claims, context)
  const times = [momentOf('issuedAt'), momentOf('expiresAt'), momentOf('notBefore')] as const
  const [id, at, facts] = timeProblem(code, times, context) ?? []
  if (!id || !at) return undefined
  const member = at.each.claim
  const problem = { id, member, facts: { claim: member, ...facts } }
  return { claims: fresh(claims, times, context), problem }
}

type Times = readonly [
  issued: Moment | undefined,
  end: Moment | undefined,
  start: Moment | undefined,
]

function timeProblem(
  code: RejectionCode,
  [issued, end, start]: Times,
  { now, portal }: Context,
): readonly [CauseId, Moment | undefined, Facts?] | undefined {
  const { window = 0, maxLifetime } = portal.scheme.limits
  if (code === 'token_expired') {
    const ms = end?.ms ?? (issued?.ms ?? 0) + window * 1000
    return ['expired', end ?? issued, { ago: span(now - ms), time: iso(ms) }]
  }
  if (code === 'lifetime_exceeded') {
    const length = span((end?.ms ?? 0) - (issued?.ms ?? now))
    return ['lifetime-too-long', end, { length, limit: span(maxLifetime * 1000) }]
  }
  if (code === 'token_not_yet_valid') {
    const isIssued = (issued?.ms ?? 0) >= (start?.ms ?? 0)
    const late = isIssued ? issued : start
    const ahead = (late?.ms ?? 0) - now
    const facts = { ahead: span(ahead), time: iso(late?.ms ?? 0), hint: zoneHint(ahead) }
    return [isIssued ? 'issued-in-future' : 'not-before-in-future', late, facts]
  }
  if (code !== 'claims_invalid') return undefined
  if (end?.ms === null) return ['never-expires', end]
  const isEqual = end?.ms === issued?.ms
  const sent = isEqual ? 'at the moment of its issue' : 'before it was issued'
  return ['expires-before-issue', end, { sent }]
}

/** A whole number of hours or half hours is a time zone. */
function zoneHint(ahead: number): string {
  const half = 30 * 60_000
  const rest = Math.abs(ahead - Math.round(ahead / half) * half)
  return ahead >= half - 60_000 && rest <= 60_000
    ? ', which looks like local time that was taken for UTC'
    : ''
}

/** Issued now, for a minute. */
function fresh(claims: JsonObject, [issued, end, start]: Times, { now }: Context): JsonObject {
  const write = (moment: Moment | undefined, ms: number): JsonObject =>
    moment ? { [moment.each.claim]: moment.each.field.write(ms as never) } : {} // a time is written from milliseconds
  const from = start?.ms ? write(start, now) : {}
  return { ...claims, ...write(issued, now), ...write(end, now + 60_000), ...from }
}

function correctAudience(claims: JsonObject, { fields, audience }: Context) {
  const each = fields.find(({ role }) => role === 'audience')
  if (!each) return undefined
  const [sent, wanted] = [String(claims[each.claim]), audience ?? '']
  const isSame = sent.trim().toLowerCase() === wanted.toLowerCase()
  const isNear = isSame || (sent.length > 1 && wanted.startsWith(sent))
  const id: CauseId = isNear ? 'audience-spelling' : 'audience-other'
  const member = each.claim
  const problem = { id, member, facts: { claim: member, sent, wanted } }
  return { claims: { ...claims, [member]: wanted }, problem }
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
function span(ms: number): string {
  let rest = Math.round(ms / 1000) * 1000
  const parts = UNITS.flatMap(([size, name]) => {
    const count = Math.floor(rest / size)
    rest -= count * size
    return count > 0 ? [`${count} ${name}${count === 1 ? '' : 's'}`] : []
  })
  return parts.slice(0, 2).join(' ') || 'less than a second'
}
