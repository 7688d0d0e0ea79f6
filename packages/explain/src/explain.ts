import { createVerifier, isRejection, LIMITS, type RejectionCode } from '@countersign/core'
import type { Apart } from './apart/apart'
import { apartMessage, apartText } from './apart/take-apart'
import { CAUSES, found, written, type Found } from './causes'
import { contentProblems } from './content/content'
import { contextOf, type Context } from './context'
import { decodedOf } from './decoded'
import type { Cause, ExplainOptions, Explanation, Language } from './explanation'
import { readGiven, type GivenRequest } from './given/given'
import { viewOf, type Sent } from './given/sent'
import { linesFor, type Step } from './lines/lines'
import { findMessage } from './place/message'
import { findText } from './place/text'
import { attribute, type Attribution } from './search/attribute'

/**
 * Says why a portal refuses a credential: every mistake in one sentence, where it is, and the line
 * of code that corrects it. Core decides; a correction is told only where core accepts the
 * credential that it leads to. Uses nothing up.
 *
 * For developers: what it returns contains what the credential says, so keep it out of responses.
 * @param given the credential alone, a URL, a `curl` command, a request as text or as an object, or
 *   the JSON of a sign endpoint
 * @throws ConfigError for options that cannot work
 */
export async function explain(
  given: string | GivenRequest,
  options: ExplainOptions,
): Promise<Explanation> {
  const context = await contextOf(options)
  const sent = readGiven(given, context.portal)
  const result = await context.verify(viewOf(sent))
  if (!result.ok && !isRejection(result.error)) throw result.error
  const code = result.ok || !isRejection(result.error) ? null : result.error.code
  const { apart, place, all } = await readingOf(sent, context, code)
  const decoded = decodedOf(sent.text, place, apart, context)
  if (result.ok) return { verdict: 'accepted', code: null, decoded, causes: [] }
  const other = await otherPortal(given, context)
  const told = other ? [other] : all.length > 0 ? all : [unexplained(sent, result.error.detail)]
  return { verdict: 'refused', code, decoded, causes: causesOf(told, context) }
}

interface Reading {
  readonly apart: Apart | undefined
  readonly place: string | null
  readonly all: readonly Found[]
}

/** @param code `null` for a credential that core accepts: nothing is wrong with it */
async function readingOf(
  sent: Sent,
  context: Context,
  code: RejectionCode | null,
): Promise<Reading> {
  const isMessage = context.portal.scheme.codec.signs === 'timestamp and body'
  const placed = isMessage ? placedMessage(sent, context) : placedText(sent, context)
  const { place, found: problems, ways } = placed
  const best = code === null ? undefined : bestOf(ways, context)
  const apart = best?.apart ?? ways[0]
  if (code === null || !apart || !best) return { apart, place, all: problems }
  if (code === 'token_replayed')
    return { apart, place, all: [found('used-before', apart.payload.range)] } // checked last
  const content = await contentProblems(apart, context)
  const all = [...problems, ...apart.found, ...best.attribution.found, ...content]
  return { apart, place, all: withoutEchoes(all) }
}

interface Placed {
  readonly place: string | null
  readonly found: readonly Found[]
  readonly ways: readonly Apart[]
}

function placedText(sent: Sent, context: Context): Placed {
  const { value, place, found: problems } = findText(sent, context)
  if (!value) return { place, found: problems, ways: [] }
  const facts = { length: String(value.length), limit: String(LIMITS.credential) }
  const long = value.length > LIMITS.credential ? [found('too-long', value.range, facts)] : []
  const ways = apartText(value, context.portal.scheme.codec)
  return { place, found: [...problems, ...long], ways }
}

function placedMessage(sent: Sent, context: Context): Placed {
  const { message, place, found: problems } = findMessage(sent, context)
  return { place, found: problems, ways: message ? [apartMessage(message)] : [] }
}

interface Way {
  readonly apart: Apart
  readonly attribution: Attribution
}

/** The way to read a credential that explains its signature with the fewest mistakes. */
function bestOf(ways: readonly Apart[], context: Context): Way | undefined {
  const all = ways.map((apart) => ({ apart, attribution: attribute(apart, context) }))
  const cost = ({ apart, attribution }: Way): number =>
    apart.found.length + attribution.found.length + (attribution.isKnown ? 0 : 10)
  return all.toSorted((a, b) => cost(a) - cost(b))[0]
}

/** What a mistake brings with it is not another one. */
const BRINGS: Readonly<Record<string, readonly Found['id'][]>> = {
  'jwt-algorithm': ['mac-hash', 'signature-unmatched', 'signature-encoding'],
  'payload-unreadable': ['signature-unmatched'],
  'json-too-many-members': ['claim-unknown'],
}

function withoutEchoes(all: readonly Found[]): readonly Found[] {
  const echoes = all.flatMap(({ id }) => BRINGS[id] ?? [])
  return all.filter(
    (each, index) =>
      !echoes.includes(each.id) &&
      all.findIndex(({ id, facts }) => id === each.id && facts['claim'] === each.facts['claim']) ===
        index,
  )
}

/** Another portal accepts it. */
async function otherPortal(
  given: string | GivenRequest,
  { portals, now }: Context,
): Promise<Found | undefined> {
  for (const portal of portals) {
    const sent = readGiven(given, portal)
    const verifier = createVerifier(portal, { now: () => now, consume: 'manual' })
    const result = await verifier.verify(viewOf(sent))
    if (result.ok) return found('other-portal', [0, sent.text.length], { sent: portal.scheme.name })
  }
  return undefined
}

function unexplained({ text }: Sent, detail: string): Found {
  return found('unexplained', [0, text.length], { detail })
}

function causesOf(all: readonly Found[], { portal }: Context): readonly Cause[] {
  const lines = linesFor(portal)
  const linesOf = (steps: readonly Step[]): Cause['lines'] => {
    const entries = Object.entries(lines).map(([language, each]) => {
      const told = new Set(steps.map((step) => each[step]).filter((line) => line !== ''))
      return [language, [...told].join('\n')]
    })
    return Object.fromEntries(entries) as Record<Language, string> // of the same names
  }
  return all.map(({ id, range, facts: own }) => {
    const { steps, sentence, change } = CAUSES[id]
    const facts = { scheme: portal.scheme.name, ...own }
    return {
      id,
      sentence: written(sentence, facts),
      range,
      change: written(change, facts),
      lines: linesOf(steps.split(' ') as Step[]), // names of steps,
    }
  })
}
