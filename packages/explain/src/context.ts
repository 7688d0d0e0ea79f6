import {
  ConfigError,
  createVerifier,
  Key,
  type JsonObject,
  type Portal,
  type RequestView,
  type Verification,
} from '@countersign/core'
import type { ExplainOptions } from './explanation'
import { formatOf, type Format } from './format'
import { partsOf, sentOf, viewOf } from './given/sent'

/** Everything about the portal that an explanation needs. */
export interface Context extends Format, Pick<ExplainOptions, 'portal' | 'secret' | 'bearer'> {
  /** The first of them signs what is right. */
  readonly keys: readonly Key[]
  readonly others: Readonly<Record<string, string>>
  readonly portals: readonly Portal[]
  /** Milliseconds since the epoch. */
  readonly now: number
  /** What the credential has to be for; `null` where one secret serves all tenants. */
  readonly audience: string | null
  verify(request: RequestView): Promise<Verification>
}

/** @throws ConfigError for options that cannot work, Rejection where the secret cannot be looked up */
export async function contextOf({
  portal,
  secret,
  others = {},
  portals = [],
  tenant,
  now: clock = Date.now,
  ...guard
}: ExplainOptions): Promise<Context> {
  const now = typeof clock === 'number' ? clock : clock()
  const audience = tenant ?? portal.audience
  const keys = (await portal.keys.keysOf(audience, now)) ?? []
  if (secret !== undefined) assertOwn(secret, keys, portal)
  const verifier = createVerifier(portal, {
    ...guard,
    ...(tenant !== undefined && { tenant: () => tenant }),
    consume: 'manual', // looks, and uses nothing up
    now: () => now,
  })
  const verify = async (request: RequestView) => verifier.verify(request)
  const own = { portal, secret, others, portals, bearer: guard.bearer, keys, now, audience }
  return { ...own, ...formatOf(portal, audience), verify }
}

function assertOwn(secret: string, keys: readonly Key[], { scheme }: Portal): void {
  if (keys.some((key) => key.equals(keyOf(secretBytes(secret, scheme))))) return
  throw new ConfigError('option_invalid', {
    problem: `The option "secret" of explain() is not a secret of the ${scheme.name} portal`,
    fix: 'Pass the text that the portal was made with; name other secrets in `others`',
  })
}

/** The key that the text of a secret stands for. */
export function secretBytes(secret: string, { secretSpelling }: Portal['scheme']): Buffer {
  return secretSpelling?.decode(secret) ?? Buffer.from(secret, 'utf8')
}

/** A key that is never kept. */
export function keyOf(secret: Uint8Array): Key {
  return new Key(secret, { id: null, notAfter: Infinity })
}

/**
 * A request with these claims, signed and sent as the portal wants it. It never leaves this
 * package: it would be a credential for whoever the claims name.
 */
export function viewOfCredential(
  claims: JsonObject,
  { portal, keys, audience, now }: Context,
): RequestView {
  const { codec, carrier } = portal.scheme
  const key = keys.find(({ notAfter }) => now < notAfter)
  const unsigned = codec.seal(claims, audience ?? 'any')
  const signature = key?.sign(unsigned.input, codec.signature) ?? ''
  return viewOf(sentOf('', partsOf(carrier.write(unsigned.finish(signature)))))
}
