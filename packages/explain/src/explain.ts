import { createVerifier, isRejection, type RejectionCode } from '@countersign/core'
import { inPayload, type Apart } from './apart/apart'
import { CAUSES, noteIn, written, type Facts, type Found } from './causes'
import { contentProblems } from './content/content'
import { contextOf, type Context } from './context'
import { decodedOf } from './decoded'
import { formatOf } from './format'
import type { Cause, ExplainOptions, Explanation } from './explanation'
import { areClaims } from './apart/json'
import { nameOf } from './apart/encodings'
import { readGiven, requestOf, type GivenRequest } from './given/given'
import { locate } from './given/locate'
import { viewOf } from './given/sent'
import { inEach } from './lines/languages'
import { joined, linesFor, STEPS, type Step } from './lines/lines'
import { findMessage } from './place/message'
import { findText } from './place/text'
import { attribute } from './search/attribute'
import { inputName } from './search/inputs'

/**
 * Says why a portal refuses a credential: every mistake in one sentence, where it is, and the line
 * of code that corrects it. Core decides; a correction is told only where core accepts the
 * credential that it leads to. Uses nothing up.
 *
 * For developers: what it returns contains what the credential says, so keep it out of responses.
 * @param given the credential alone, a URL or a text with a URL, a `curl` command, a request as text
 *   or as an object, or the JSON of a sign endpoint
 * @throws ConfigError for options that cannot work
 */
export async function explain(
  given: string | GivenRequest,
  options: ExplainOptions,
): Promise<Explanation> {
  const context = await contextOf(options)
  const sent = readGiven(given, context.portal)
  const result = await context.verify(viewOf(sent))
  const problems: Found[] = []
  const find = context.headerNames ? findMessage : findText
  const { place, ways } = find(sent, context, noteIn(problems))
  if (result.ok) {
    const decoded = decodedOf(sent.text, place, ways[0], context)
    return { verdict: 'accepted', code: null, decoded, causes: [] }
  }
  const { error } = result
  if (!isRejection(error)) throw error
  const best = bestOf(ways, context)
  const isClaims = context.content !== 'identifier' && areClaims(best?.json.text ?? '')
  const names = await acceptedBy(given, context, isClaims)
  const whole = (id: Found['id'], facts: Facts): Found => ({ id, at: sent.text, facts })
  const unexplained = whole('unexplained', { detail: error.detail })
  const told =
    names.length > 0
      ? [whole('other-portal', { sent: names.join(' or ') })]
      : await mistakesIn(best, problems, error.code, context)
  return {
    verdict: 'refused',
    code: error.code,
    decoded: decodedOf(sent.text, place, best, context),
    causes: causesOf(told.length > 0 ? told : [unexplained], sent.text, best, context),
  }
}

/** The way to read a credential that explains its signature with the fewest mistakes. */
function bestOf(ways: readonly Apart[], context: Context): Apart | undefined {
  const all = ways.map((apart) => {
    return { ...apart, found: [...apart.found, ...attribute(apart, context)] }
  })
  const cost = ({ found }: Apart): number =>
    found.length + (found.some(({ id }) => id === 'signature-unmatched') ? 10 : 0)
  return all.toSorted((a, b) => cost(a) - cost(b))[0]
}

async function mistakesIn(
  best: Apart | undefined,
  problems: readonly Found[],
  code: RejectionCode,
  context: Context,
): Promise<readonly Found[]> {
  if (!best) return problems
  if (code === 'token_replayed') {
    return [{ id: 'used-before', at: best.payload, facts: {} }] // checked last
  }
  return withoutEchoes([...problems, ...best.found, ...(await contentProblems(best, context))])
}

const DAMAGED = ['json-invalid', 'json-encoding', 'claim-missing', 'never-expires'] as const

/** What a mistake brings with it is not another one. */
const BRINGS: Readonly<Record<string, readonly Found['id'][]>> = {
  'json-invalid': ['claim-missing', 'never-expires'],
  'payload-last-character': DAMAGED,
  'jwt-algorithm': ['mac-hash', 'signature-unmatched', 'signature-encoding', 'signature-missing'],
  'payload-unreadable': ['signature-unmatched', ...DAMAGED],
  'json-forbidden': ['claim-unknown'],
  'json-surrogate': ['unexplained'],
}

function withoutEchoes(all: readonly Found[]): readonly Found[] {
  const echoes = all.flatMap(({ id }) => BRINGS[id] ?? [])
  const isFirst = ({ id, facts }: Found, index: number): boolean =>
    all.findIndex((each) => each.id === id && each.facts['claim'] === facts['claim']) === index
  return all.filter((each, index) => !echoes.includes(each.id) && isFirst(each, index))
}

/**
 * @param isClaims some portals take any signed text for an identifier: not claims
 * @returns names of other portals that accept it, or would with the right id
 */
async function acceptedBy(
  given: string | GivenRequest,
  { portals, now }: Context,
  isClaims: boolean,
): Promise<readonly string[]> {
  const names = await Promise.all(
    portals.map(async (portal) => {
      if (isClaims && formatOf(portal, null).content === 'identifier') return []
      const options = { now: () => now, consume: 'manual', nonceRetention: 1 } as const
      const result = await createVerifier(portal, options).verify(requestOf(given, portal))
      const isFor = result.ok || result.error.code === 'audience_mismatch'
      return isFor ? [portal.scheme.name] : []
    }),
  )
  return names.flat()
}

function causesOf(
  all: readonly Found[],
  given: string,
  best: Apart | undefined,
  context: Context,
): readonly Cause[] {
  const { scheme } = context.portal
  const known = {
    scheme: scheme.name,
    input: inputName(context),
    wanted: nameOf(scheme.codec.signature),
  }
  const lines = linesFor(context.portal)
  return all.map(({ id, at, facts: own }) => {
    const { steps, sentence, change } = CAUSES[id]
    const facts = { ...known, ...own }
    const names = steps === 'all' ? STEPS : (steps.split(', ') as readonly Step[]) // as written there
    return {
      id,
      sentence: written(sentence, facts),
      range: locate(given, best ? inPayload(at, best) : at),
      change: written(change, facts),
      lines: inEach((language) => {
        const each = lines[language]
        return joined(names.map((step) => each[step])) || each.send
      }),
    }
  })
}
