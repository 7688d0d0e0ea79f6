import { isRejection, type JsonObject, type RejectionCode } from '@countersign/core'
import type { Apart } from '../apart/apart'
import { found, type Found } from '../causes'
import type { Context } from '../context'
import { viewOfCredential } from '../context'
import { correctClaims, sampleClaims, type ClaimProblem } from './claims'
import { locate, memberAt } from './locate'
import { readLoosely, type LooseJson } from './json'
import { correctMessage } from './message'
import { correctRefused } from './times'

/** More corrections than this mean that one does not help. */
const MOST_CORRECTIONS = 12

/**
 * Says what is wrong with the content of a credential: corrects it until core accepts it.
 * @returns what had to be corrected
 */
export async function contentProblems(apart: Apart, context: Context): Promise<readonly Found[]> {
  const json: LooseJson = apart.bytes
    ? readLoosely(apart.bytes, context.format.content)
    : { text: '', value: null, problems: [] }
  const point = pointer(apart, json)
  const sample = json.value ? {} : sampleClaims(context)
  const message = correctMessage(apart, json.value ?? {}, context)
  const { claims, problems } = correctClaims({ ...sample, ...message.claims }, context)
  const told = [
    ...json.problems.map(({ id, at, facts }) => found(id, locate(apart, json.text, at), facts)),
    ...message.found,
    ...(json.value ? problems.map(point) : []),
  ]
  return [...told, ...(await corrections(known(claims, context), apart, context, point))]
}

/** Corrects what core refuses, one rejection after the other. */
async function corrections(
  start: JsonObject,
  apart: Apart,
  context: Context,
  point: (problem: ClaimProblem) => Found,
): Promise<readonly Found[]> {
  const all: Found[] = []
  let claims = start
  for (let round = 0; round < MOST_CORRECTIONS; round++) {
    const refusal = await refusalOf(claims, context)
    if (!refusal) return all
    const next = correctRefused(claims, refusal.code, context)
    if (!next)
      return [...all, found('unexplained', apart.payload.range, { detail: refusal.detail })]
    all.push(point(next.problem))
    claims = next.claims
  }
  return all
}

/** What core has against these claims where they are signed and sent as they should be. */
async function refusalOf(
  claims: JsonObject,
  context: Context,
): Promise<{ readonly code: RejectionCode; readonly detail: string } | undefined> {
  const result = await context.verify(viewOfCredential(claims, context))
  if (result.ok) return undefined
  if (isRejection(result.error)) return result.error
  throw result.error
}

/** Only the claims that the portal reads. */
function known(claims: JsonObject, { fields }: Context): JsonObject {
  const names = fields.map(({ claim }) => claim)
  return Object.fromEntries(Object.entries(claims).filter(([name]) => names.includes(name)))
}

/** Points at a member; at the timestamp where it is sent beside the body; else at the payload. */
function pointer(apart: Apart, { text }: LooseJson): (problem: ClaimProblem) => Found {
  return ({ id, member, facts }) => {
    const at = memberAt(text, member)
    const beside = apart.timestamp && !at ? apart.timestamp.range : apart.payload.range
    return found(id, at ? locate(apart, text, at) : beside, facts)
  }
}
