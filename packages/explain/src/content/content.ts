import type { JsonObject } from '@countersign/core'
import type { Apart } from '../apart/apart'
import { noteIn, type Found, type Note } from '../causes'
import type { Context } from '../context'
import type { At } from '../given/locate'
import { correctClaims, type NoteClaim } from './claims'
import { correctRefused } from './times'

/**
 * Says what is wrong with the content of a credential: corrects it until core accepts it.
 * @returns what had to be corrected
 */
export async function contentProblems(apart: Apart, context: Context): Promise<readonly Found[]> {
  const { json, payload, timestamp } = apart
  const all = [...json.found]
  const note = noteIn(all)
  const noteClaim: NoteClaim = (id, member, facts) => {
    note(id, memberAt(json.text, member) ?? timestamp ?? payload, { claim: member, ...facts })
  }
  const claims = messageClaims(apart, context, note, noteClaim)
  if (!json.value && timestamp === null) return all
  const noted = json.value ? noteClaim : () => undefined
  const known = context.fields.map(({ claim }) => claim)
  const corrected = Object.entries(correctClaims(claims, context, noted))
  const left = Object.fromEntries(corrected.filter(([name]) => known.includes(name)))
  await correctRefused(left, context, noteClaim)
  return all
}

const DIGITS = /^[1-9][0-9]{0,15}$/

/** The claims of a body, with the timestamp that is sent beside it, and what is wrong there. */
function messageClaims(
  { timestamp, tenant, json }: Apart,
  { headerNames, audience, portal, now }: Context,
  note: Note,
  noteClaim: NoteClaim,
): JsonObject {
  const body = json.value ?? {}
  const claim = portal.scheme.claims.issuedAt?.claim
  if (timestamp === null || tenant === null || claim === undefined) return body
  const facts = {
    name: headerNames?.tenant ?? '',
    sent: tenant.slice(0, 40),
    wanted: audience ?? '',
  }
  if (tenant !== '' && !/^[A-Za-z0-9_-]{1,255}$/.test(tenant))
    note('tenant-spelling', tenant, facts)
  else if (tenant !== '' && audience !== null && tenant !== audience) {
    note('tenant-other', tenant, facts)
  }
  const isTime = DIGITS.test(timestamp)
  if (timestamp !== '' && !isTime) note('time-format', timestamp, { sent: timestamp })
  if (Object.hasOwn(body, claim)) noteClaim('claim-beside', claim)
  return { ...body, [claim]: isTime ? Number(timestamp) : timeOf(timestamp, now) }
}

/** The moment that was meant, in milliseconds. */
function timeOf(text: string, now: number): number {
  const guesses = [Number(text.replaceAll(/[\s+_,]/g, '')), Date.parse(text)]
  return Math.floor(guesses.find((guess) => guess > 1e11 && guess < 1e14) ?? now)
}

/** Where a member of a JSON object is in its text, with its value. */
function memberAt(json: string, name: string): At | undefined {
  const quoted = JSON.stringify(name).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const match = new RegExp(`${quoted}\\s*:\\s*("(?:[^"\\\\]|\\\\.)*"|[^,}\\]]*)`).exec(json)
  return match ? [json, match.index, match.index + match[0].length] : undefined
}
