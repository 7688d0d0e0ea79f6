import { isRejection, type JsonObject } from '@countersign/core'
import type { Apart } from '../apart/apart'
import { found, some, type Found } from '../causes'
import { viewOfCredential, type Context } from '../context'
import type { Range } from '../given/piece'
import { correctClaims, sampleClaims, type ClaimProblem } from './claims'
import { readLoosely } from './json'
import { correctRefused } from './times'

/** More corrections than this mean that one does not help. */
const MOST_CORRECTIONS = 12

/**
 * Says what is wrong with the content of a credential: corrects it until core accepts it.
 * @returns what had to be corrected
 */
export async function contentProblems(apart: Apart, context: Context): Promise<readonly Found[]> {
  const json = readContent(apart, context)
  const point = pointer(apart, json.text)
  const body = json.value ?? {}
  const sample = json.value ? {} : sampleClaims(context)
  const { claims, problems } = correctClaims(
    { ...sample, ...withTimestamp(apart, body, context) },
    context,
  )
  const { found: around, beside } = besideProblems(apart, body, context)
  const told = [
    ...json.problems.map(({ id, at, facts }) => found(id, locate(apart, json.text, at), facts)),
    ...around,
    ...[...beside, ...(json.value ? problems : [])].map(point),
  ]
  return [...told, ...(await corrections(claims, apart, context, point))]
}

function readContent({ bytes }: Apart, { format }: Context) {
  return bytes ? readLoosely(bytes, format.content) : { text: '', value: null, problems: [] }
}

/** Adds the timestamp to the claims of a body. Returns other claims as they are. */
function withTimestamp({ timestamp }: Apart, body: JsonObject, context: Context): JsonObject {
  const claim = context.portal.scheme.claims.issuedAt?.claim
  if (!timestamp || claim === undefined) return body
  const { text } = timestamp
  const time = DIGITS.test(text) ? Number(text) : timeOf(text, context.now)
  return { ...body, [claim]: time }
}

const DIGITS = /^[1-9][0-9]{0,15}$/

/** What is wrong with what is sent beside the body of a message. */
function besideProblems(
  { timestamp, tenant }: Apart,
  body: JsonObject,
  { names, audience, portal }: Context,
): { readonly found: readonly Found[]; readonly beside: readonly ClaimProblem[] } {
  const claim = portal.scheme.claims.issuedAt?.claim ?? ''
  const [time, id] = [timestamp?.text ?? '', tenant?.text ?? '']
  const facts = { name: names?.headers.tenant ?? '', sent: id.slice(0, 40), wanted: audience ?? '' }
  const isSpelled = /^[A-Za-z0-9_-]{1,255}$/.test(id)
  const isOther = isSpelled && audience !== null && id !== audience
  const problems = some(
    tenant && id !== '' && !isSpelled && found('tenant-spelling', tenant.range, facts),
    tenant && isOther && found('tenant-other', tenant.range, facts),
    timestamp &&
      time !== '' &&
      !DIGITS.test(time) &&
      found('time-format', timestamp.range, { sent: time }),
  )
  const isBeside = timestamp && Object.hasOwn(body, claim)
  return {
    found: problems,
    beside: isBeside ? [{ id: 'claim-beside', member: claim, facts: { claim } }] : [],
  }
}

/** The moment that was meant, in milliseconds. */
function timeOf(text: string, now: number): number {
  const bare = text.replaceAll(/[\s+_,]/g, '')
  const guesses = [Number(bare), Date.parse(text)]
  const time = guesses.find((guess) => guess > 1e11 && guess < 1e14)
  return time === undefined ? now : Math.floor(time)
}

/** Corrects what core refuses, one rejection after the other. */
async function corrections(
  start: JsonObject,
  apart: Apart,
  context: Context,
  point: (problem: ClaimProblem) => Found,
): Promise<readonly Found[]> {
  const names = context.fields.map(({ claim }) => claim)
  const known = Object.entries(start).filter(([name]) => names.includes(name))
  let claims: JsonObject = Object.fromEntries(known)
  const all: Found[] = []
  for (let round = 0; round < MOST_CORRECTIONS; round++) {
    const { ok, error } = {
      error: null,
      ...(await context.verify(viewOfCredential(claims, context))),
    }
    if (ok) return all
    if (!isRejection(error)) throw error
    const next = correctRefused(claims, error.code, context)
    if (!next) return [...all, found('unexplained', apart.payload.range, { detail: error.detail })]
    all.push(point(next.problem))
    claims = next.claims
  }
  return all
}

/** Points at a member; at the timestamp where it is sent beside the body; else at the payload. */
function pointer(apart: Apart, json: string): (problem: ClaimProblem) => Found {
  return ({ id, member, facts }) => {
    const at = memberAt(json, member)
    const beside = apart.timestamp && !at ? apart.timestamp.range : apart.payload.range
    return found(id, at ? locate(apart, json, at) : beside, facts)
  }
}

/** Where a part of the decoded JSON is in what was given. */
function locate({ payload, bytes }: Apart, json: string, at: Range): Range {
  if (payload.text === json) return payload.rangeOf(...at)
  const length = bytes?.length ?? 0
  const isBase64 = Math.abs(payload.text.replace(/=+$/, '').length - (length * 4) / 3) < 2
  if (!isBase64) return payload.range
  const [start, end] = at.map((offset) => Buffer.byteLength(json.slice(0, offset)))
  const from = Math.floor(((start ?? 0) * 4) / 3)
  const to = Math.ceil(((end ?? length) * 4) / 3)
  return payload.rangeOf(from, Math.min(payload.length, Math.max(to, from + 1)))
}

/** Where a member of a JSON object is in its text, with its value. */
function memberAt(json: string, name: string): Range | undefined {
  const quoted = JSON.stringify(name)
    .slice(1, -1)
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const pattern = new RegExp(
    `["':]?${quoted}["']?\\s*(?::|=>)\\s*("(?:[^"\\\\]|\\\\.)*"|[^,}\\]]*)`,
  )
  const match = pattern.exec(json)
  return match ? [match.index, match.index + match[0].length] : undefined
}
