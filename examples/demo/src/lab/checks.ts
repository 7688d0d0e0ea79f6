import {
  createVerifier,
  isRejection,
  LIMITS,
  type Envelope,
  type Portal,
  type Rejection,
  type RejectionCode,
  type RequestView,
  type Verification,
} from '@countersign/core'
import { explain, requestOf, type ExplainOptions, type Explanation } from '@countersign/explain'

/** One of the checks that a portal makes, in the order in which it makes them. */
export interface Check {
  readonly name: string
  readonly state: 'passed' | 'failed' | 'not reached'
  /** What was found. */
  readonly note: string
}

/** @see Verification, of a portal that works */
export type Result =
  Extract<Verification, { readonly ok: true }> | { readonly ok: false; readonly error: Rejection }

/** All that the page shows about what travels. */
export interface Inspection {
  readonly checks: readonly Check[]
  readonly result: Result
  readonly explanation: Explanation
  /** What the signature covers, as text; `null` where the credential cannot be taken apart. */
  readonly signingInput: string | null
}

/**
 * Verifies a request as the portal would, without using anything up.
 * @param text a URL or a request, as it travels
 * @throws ConfigError for a portal that cannot work
 */
export async function inspect(text: string, context: ExplainOptions): Promise<Inspection> {
  const { portal } = context
  const request = requestOf(text, portal)
  const result = await verify(request, context)
  const envelope = await envelopeOf(request, portal)
  const failed = result.ok ? null : await stageOf(result.error, portal, envelope)
  const pieces = envelope?.input.map((piece) => Buffer.from(piece))
  return {
    checks: checksOf(portal, result, failed),
    result,
    explanation: await explain(text, context),
    signingInput: pieces ? Buffer.concat(pieces).toString('utf8') : null,
  }
}

async function verify(
  request: RequestView,
  { portal, replayStore }: ExplainOptions,
): Promise<Result> {
  const result = await createVerifier(portal, { replayStore, consume: 'manual' }).verify(request)
  if (result.ok) return result
  const { error } = result
  if (!isRejection(error)) throw error
  return { ok: false, error }
}

type Stage =
  | 'sent'
  | 'format'
  | 'algorithm'
  | 'signature'
  | 'json'
  | 'claims'
  | 'times'
  | 'audience'
  | 'replay'

/** The checks in their order, and the codes with which core refuses in each. */
export const STAGES: Readonly<
  Record<Stage, readonly [name: string, ...codes: readonly RejectionCode[]]>
> = {
  sent: [
    'One credential was sent',
    'credential_missing',
    'credential_ambiguous',
    'body_too_large',
    'body_timeout',
    'unsupported_encoding',
  ],
  format: ['Format and encoding are right', 'token_malformed'],
  algorithm: ['The algorithm is HS256', 'algorithm_not_allowed'],
  signature: ['The signature matches a key', 'secret_unavailable', 'signature_invalid'],
  json: ['The payload is one JSON object'],
  claims: ['The claims are valid', 'claims_invalid'],
  times: ['The times are valid', 'token_expired', 'token_not_yet_valid', 'lifetime_exceeded'],
  audience: ['It is for this project', 'audience_mismatch'],
  replay: ['It was not used before', 'token_replayed', 'nonce_in_progress', 'store_unavailable'],
}

function checksOf(portal: Portal, result: Result, failed: Stage | null): readonly Check[] {
  const stages = stagesOf(portal)
  const at = failed ? stages.indexOf(failed) : stages.length
  return stages.map((stage, index) => {
    const [name] = STAGES[stage]
    if (index > at) return { name, state: 'not reached', note: '' }
    if (index < at) return { name, state: 'passed', note: found(stage, portal, result) }
    return { name, state: 'failed', note: result.ok ? '' : result.error.detail }
  })
}

/** The checks that this portal's credentials go through. */
function stagesOf({ scheme }: Portal): readonly Stage[] {
  const without: Stage[] = []
  if (scheme.codec.header === null) without.push('algorithm')
  if (scheme.claims.audience === undefined) without.push('audience')
  if (scheme.singleUse === undefined) without.push('replay')
  return (Object.keys(STAGES) as Stage[]).filter((stage) => !without.includes(stage)) // its own keys
}

async function stageOf(error: Rejection, portal: Portal, envelope?: Envelope): Promise<Stage> {
  const found = Object.entries(STAGES).find(([, [, ...codes]]) => codes.includes(error.code))
  if (!found) throw error
  const stage = found[0] as Stage // a key of the table
  // a payload is read after its signature has matched, and may be malformed then
  return stage === 'format' && (await isSigned(portal, envelope)) ? 'json' : stage
}

async function isSigned(
  { scheme, keys, audience }: Portal,
  envelope: Envelope | undefined,
): Promise<boolean> {
  if (!envelope) return false
  const { input, signature } = envelope
  const all = (await keys.keysOf(audience, Date.now())) ?? []
  return all.some((key) => key.verify(input, signature, scheme.codec.signature))
}

/** The credential, taken apart; `undefined` where that is not possible. Nothing in it is verified. */
async function envelopeOf(
  request: RequestView,
  { scheme: { carrier, codec } }: Portal,
): Promise<Envelope | undefined> {
  try {
    const reading = carrier.read(request)
    const isPending = reading && 'fields' in reading
    const credential = isPending ? reading.read(await request.body(LIMITS.body)) : reading
    return credential && codec.open(credential.value)
  } catch {
    return undefined
  }
}

/** What an accepted credential shows for a check that it has passed. */
function found(stage: Stage, { audience }: Portal, result: Result): string {
  if (!result.ok) return ''
  const { user, auth } = result.value
  if (stage === 'signature') return auth.keyId ?? ''
  if (stage === 'claims') return user.id ?? auth.nonce?.slice(0, 8) ?? ''
  return stage === 'audience' ? (audience ?? '') : ''
}
