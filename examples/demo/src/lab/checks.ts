import {
  createVerifier,
  isRejection,
  LIMITS,
  type ConfigError,
  type Envelope,
  type Portal,
  type Rejection,
  type RejectionCode,
  type ReplayStore,
  type RequestView,
  type Verification,
} from '@countersign/core'

export type State = 'passed' | 'failed' | 'not reached'

/** One of the checks that a portal makes, in the order in which it makes them. */
export interface Check {
  readonly name: string
  readonly state: State
  /** What was found. */
  readonly note: string
}

export interface Checked {
  readonly checks: readonly Check[]
  readonly result: Verification
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

const NAMES: Readonly<Record<Stage, string>> = {
  sent: 'One credential was sent',
  format: 'Format and encoding are right',
  algorithm: 'The algorithm is HS256',
  signature: 'The signature matches a key',
  json: 'The payload is one JSON object',
  claims: 'The claims are valid',
  times: 'The times are valid',
  audience: 'It is for this project',
  replay: 'It was not used before',
}

/** Where in that order core decides with a code. */
export const STAGES: Readonly<Partial<Record<RejectionCode, Stage>>> = {
  credential_missing: 'sent',
  credential_ambiguous: 'sent',
  body_too_large: 'sent',
  body_timeout: 'sent',
  unsupported_encoding: 'sent',
  token_malformed: 'format',
  algorithm_not_allowed: 'algorithm',
  secret_unavailable: 'signature',
  signature_invalid: 'signature',
  claims_invalid: 'claims',
  token_expired: 'times',
  token_not_yet_valid: 'times',
  lifetime_exceeded: 'times',
  audience_mismatch: 'audience',
  token_replayed: 'replay',
  nonce_in_progress: 'replay',
  store_unavailable: 'replay',
}

/**
 * Verifies a request as the portal would, without using anything up.
 * @throws ConfigError for a portal that cannot work
 */
export async function runChecks(
  request: RequestView,
  portal: Portal,
  replayStore: ReplayStore,
): Promise<Checked> {
  const result = await createVerifier(portal, { replayStore, consume: 'manual' }).verify(request)
  const stages = stagesOf(portal)
  const failed = result.ok
    ? stages.length
    : stages.indexOf(await stageOf(result.error, request, portal))
  const checks = stages.map(
    (stage, index) =>
      ({
        name: NAMES[stage],
        state: index < failed ? 'passed' : index === failed ? 'failed' : 'not reached',
        note:
          index === failed && !result.ok ? detailOf(result.error) : found(stage, portal, result),
      }) as const,
  )
  return { checks, result }
}

/** What a log may say about a refusal. */
function detailOf(error: Rejection | ConfigError): string {
  return isRejection(error) ? error.detail : error.message
}

/** The checks that this portal's credentials go through. */
function stagesOf({ scheme }: Portal): readonly Stage[] {
  const isJwt = scheme.codec.header !== null
  const hasAudience = scheme.claims.audience !== undefined
  return (Object.keys(NAMES) as Stage[]).filter(
    // its own keys
    (stage) =>
      (stage !== 'algorithm' || isJwt) &&
      (stage !== 'audience' || hasAudience) &&
      (stage !== 'replay' || scheme.singleUse !== undefined),
  )
}

async function stageOf(
  error: Rejection | ConfigError,
  request: RequestView,
  portal: Portal,
): Promise<Stage> {
  if (!isRejection(error)) throw error
  const stage = STAGES[error.code]
  if (!stage) throw error
  // a payload is read after its signature has matched, and may be malformed then
  return stage === 'format' && (await isSigned(request, portal)) ? 'json' : stage
}

async function isSigned(request: RequestView, portal: Portal): Promise<boolean> {
  const { scheme, keys, audience } = portal
  const envelope = await envelopeOf(request, portal)
  const all = envelope && (await keys.keysOf(audience, Date.now()))
  if (!envelope || !all) return false
  const { input, signature } = envelope
  return all.some((key) => key.verify(input, signature, scheme.codec.signature))
}

/** The credential, taken apart; `undefined` where that is not possible. Nothing in it is verified. */
export async function envelopeOf(
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
function found(stage: Stage, { audience }: Portal, result: Verification): string {
  if (!result.ok) return ''
  const { user, auth } = result.value
  if (stage === 'signature') return auth.keyId ?? ''
  if (stage === 'claims') return user.id ?? auth.nonce?.slice(0, 8) ?? ''
  return stage === 'audience' ? (audience ?? '') : ''
}
