import type { JsonObject } from '@countersign/core'
import type { Apart } from '../apart/apart'
import { noteIn, type Found, type Note } from '../causes'
import type { Context } from '../context'
import { memberAt } from '../given/json-strings'
import type { Range } from '../given/piece'
import { correctClaims, sampleClaims, type NoteClaim } from './claims'
import { correctRefused } from './times'

/**
 * Says what is wrong with the content of a credential: corrects it until core accepts it.
 * @returns what had to be corrected
 */
export async function contentProblems(apart: Apart, context: Context): Promise<readonly Found[]> {
  const { json, payload, timestamp } = apart
  const all: Found[] = []
  const note = noteIn(all)
  for (const [id, at, sent] of json.problems) note(id, locate(apart, at), { sent })
  const noteClaim: NoteClaim = (id, member, facts) => {
    const [start, end] = memberAt(json.text, member) ?? []
    const isThere = start !== undefined && end !== undefined
    const range = isThere ? locate(apart, [start, end]) : (timestamp ?? payload).range
    note(id, range, { claim: member, ...facts })
  }
  const claims = messageClaims(apart, context, note, noteClaim)
  const start = json.value ? claims : { ...sampleClaims(context), ...claims }
  const noted = json.value ? noteClaim : () => undefined
  const known = context.fields.map(({ claim }) => claim)
  const corrected = Object.entries(correctClaims(start, context, noted))
  const left = Object.fromEntries(corrected.filter(([name]) => known.includes(name)))
  await correctRefused(left, context, noteClaim)
  return all
}

const DIGITS = /^[1-9][0-9]{0,15}$/

/** The claims of a body, with the timestamp that is sent beside it, and what is wrong there. */
function messageClaims(
  { timestamp, tenant, json }: Apart,
  { names, audience, portal, now }: Context,
  note: Note,
  noteClaim: NoteClaim,
): JsonObject {
  const body = json.value ?? {}
  const claim = portal.scheme.claims.issuedAt?.claim
  if (!timestamp || !tenant || claim === undefined) return body
  const [time, id] = [timestamp.text, tenant.text]
  const facts = { name: names?.headers.tenant ?? '', sent: id.slice(0, 40), wanted: audience ?? '' }
  if (id !== '' && !/^[A-Za-z0-9_-]{1,255}$/.test(id)) note('tenant-spelling', tenant.range, facts)
  else if (id !== '' && audience !== null && id !== audience) {
    note('tenant-other', tenant.range, facts)
  }
  const isTime = DIGITS.test(time)
  if (time !== '' && !isTime) note('time-format', timestamp.range, { sent: time })
  if (Object.hasOwn(body, claim)) noteClaim('claim-beside', claim)
  return { ...body, [claim]: isTime ? Number(time) : timeOf(time, now) }
}

/** The moment that was meant, in milliseconds. */
function timeOf(text: string, now: number): number {
  const guesses = [Number(text.replaceAll(/[\s+_,]/g, '')), Date.parse(text)]
  return Math.floor(guesses.find((guess) => guess > 1e11 && guess < 1e14) ?? now)
}

/** Where a part of the decoded JSON is in what was given. */
function locate({ payload, bytes, json }: Apart, at: Range): Range {
  if (payload.text === json.text) return payload.rangeOf(...at)
  const length = bytes?.length ?? 0
  const isBase64 = Math.abs(payload.text.replace(/=+$/, '').length - (length * 4) / 3) < 2
  if (!isBase64) return payload.range
  const [start, end] = at.map((offset) => Buffer.byteLength(json.text.slice(0, offset)))
  const from = Math.floor(((start ?? 0) * 4) / 3)
  const to = Math.ceil(((end ?? length) * 4) / 3)
  return payload.rangeOf(from, Math.min(payload.length, Math.max(to, from + 1)))
}
