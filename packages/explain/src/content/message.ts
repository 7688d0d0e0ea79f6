import type { JsonObject } from '@countersign/core'
import type { Apart } from '../apart/apart'
import { found, type Found } from '../causes'
import type { Context } from '../context'
import { locate, memberAt } from './locate'

/** The claims of a message, and what is wrong with what is sent beside its body. */
export interface CorrectedMessage {
  readonly claims: JsonObject
  readonly found: readonly Found[]
}

/** Adds the timestamp to the claims of a body. Returns other claims as they are. */
export function correctMessage(apart: Apart, body: JsonObject, context: Context): CorrectedMessage {
  const { timestamp } = apart
  const claim = context.portal.scheme.claims.issuedAt?.claim
  if (!timestamp || claim === undefined) return { claims: body, found: [] }
  const { [claim]: beside, ...members } = body
  const isDigits = /^[1-9][0-9]{0,15}$/.test(timestamp.text)
  const time = isDigits ? Number(timestamp.text) : timeOf(timestamp.text, context.now)
  const isSent = timestamp.length > 0
  return {
    claims: { ...members, [claim]: time },
    found: [
      ...tenantProblems(apart, context),
      ...(isSent && !isDigits
        ? [found('time-format', timestamp.range, { sent: timestamp.text })]
        : []),
      ...(beside === undefined ? [] : [found('claim-beside', besideAt(apart, claim), { claim })]),
    ],
  }
}

function besideAt(apart: Apart, claim: string) {
  const at = memberAt(apart.payload.text, claim)
  return at ? locate(apart, apart.payload.text, at) : apart.payload.range
}

/** The moment that was meant, in milliseconds. */
function timeOf(text: string, now: number): number {
  const bare = text.replaceAll(/[\s+_,]/g, '')
  const guesses = [Number(bare), Date.parse(text)]
  const time = guesses.find((guess) => guess > 1e11 && guess < 1e14)
  return time === undefined ? now : Math.floor(time)
}

function tenantProblems({ tenant }: Apart, { names, audience }: Context): readonly Found[] {
  if (!tenant?.length) return []
  const name = names?.headers.tenant ?? ''
  const facts = { name, sent: tenant.text.slice(0, 40), wanted: audience ?? '' }
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(tenant.text))
    return [found('tenant-spelling', tenant.range, facts)]
  return audience === null || tenant.text === audience
    ? []
    : [found('tenant-other', tenant.range, facts)]
}
