import { isRejection, type JsonObject, type RejectionCode } from '@countersign/core'
import type { CauseId, Facts } from '../causes'
import { viewOfCredential, type Context } from '../context'
import type { NoteClaim } from './claims'
import type { ClaimField } from '../format'

/** A time of a credential: milliseconds, `null` for one that is not there. */
interface Moment extends ClaimField {
  readonly ms: number | null
}

/** More corrections than this mean that one does not help. */
const MOST_CORRECTIONS = 6

/** Corrects what core refuses in claims of the right types, one rejection after the other. */
export async function correctRefused(
  start: JsonObject,
  context: Context,
  note: NoteClaim,
): Promise<void> {
  let claims = start
  for (let round = 0; round < MOST_CORRECTIONS; round++) {
    const result = await context.verify(viewOfCredential(claims, context))
    if (result.ok) return
    if (!isRejection(result.error)) throw result.error
    const { code, detail } = result.error
    const own = context.fields.find(({ role }) => role === 'audience')?.claim
    const times = ['issuedAt', 'expiresAt', 'notBefore'].map((property) => {
      const each = context.fields.find((field) => field.property === property)
      return each && { ...each, ms: each.field.read(claims[each.claim]) as number | null } // a time is read as milliseconds
    })
    const [id, at, facts] = timeProblem(code, times, context) ?? []
    if (code === 'audience_mismatch' && own !== undefined) {
      const wanted = context.audience ?? ''
      note('audience-other', own, { sent: String(claims[own]), wanted })
      claims = { ...claims, [own]: wanted }
    } else if (id && at) {
      note(id, at.claim, facts)
      claims = fresh(claims, times, context)
    } else {
      note('unexplained', '', { detail: detail ?? '' })
      return
    }
  }
}

type Times = readonly (Moment | undefined)[]

function timeProblem(
  code: RejectionCode,
  [issued, end, start]: Times,
  { now, portal }: Context,
): readonly [CauseId, Moment | undefined, Facts?] | undefined {
  const { window = 0, maxLifetime } = portal.scheme.limits
  if (code === 'token_expired') {
    const ms = end?.ms ?? (issued?.ms ?? 0) + window * 1000
    return ['expired', end ?? issued, { ago: span(now - ms), time: new Date(ms).toISOString() }]
  }
  if (code === 'lifetime_exceeded') {
    const length = span((end?.ms ?? 0) - (issued?.ms ?? now))
    return ['lifetime-too-long', end, { length, limit: span(maxLifetime * 1000) }]
  }
  if (code === 'token_not_yet_valid') {
    const isIssued = (issued?.ms ?? 0) >= (start?.ms ?? 0)
    const late = isIssued ? issued : start
    const ahead = (late?.ms ?? 0) - now
    const time = new Date(late?.ms ?? 0).toISOString()
    const facts = { ahead: span(ahead), time, hint: zoneHint(ahead) }
    return [isIssued ? 'issued-in-future' : 'not-before-in-future', late, facts]
  }
  if (code !== 'claims_invalid') return undefined
  if (end?.ms === null) return ['never-expires', end]
  const sent = end?.ms === issued?.ms ? 'at the moment of its issue' : 'before it was issued'
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
    moment ? { [moment.claim]: moment.field.write(ms as never) } : {} // a time is written from milliseconds
  const from = start?.ms ? write(start, now) : {}
  return { ...claims, ...write(issued, now), ...write(end, now + 60_000), ...from }
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
