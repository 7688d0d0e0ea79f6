import {
  claimsOf,
  ConfigError,
  createSigner,
  type JsonObject,
  type Key,
  type Outgoing,
  type Portal,
} from '@countersign/core'
import type { CredentialOptions } from './request'

/** A valid credential, and all that is needed to make an invalid one of it. */
export interface Material {
  /** With every id that signing needs. */
  readonly portal: Portal
  /** The secret that signs. */
  readonly key: Key
  /** Milliseconds since the epoch. */
  readonly now: number
  /** The claims of the valid one, including the time of a signed message. */
  readonly claims: JsonObject
  /** The valid one, as the scheme's codec knows it. */
  readonly valid: unknown
  /** Where it travels. */
  readonly options: CredentialOptions
}

/** @throws ConfigError, Rejection as a signer does */
export async function materialFor(
  given: Portal,
  user: unknown,
  { now: clock = Date.now, expiresIn, nonce, tenant, ...options }: CredentialOptions,
): Promise<Material> {
  const now = clock()
  const portal = signingPortal(given, tenant)
  const { scheme } = portal
  let valid: unknown
  const write = (value: unknown): Outgoing => scheme.carrier.write((valid = value))
  const observed = { ...portal, scheme: { ...scheme, carrier: { ...scheme.carrier, write } } }
  const allowShortSecret = true // the guard decides about it
  const signer = createSigner(observed, { now: () => now, expiresIn, allowShortSecret })
  await signer.sign(user as never, { nonce }) // `mint` asks for the portal's own input
  const key = (await portal.keys.keysOf(portal.audience, now))?.[0] as Key // the signer has just used it
  return { portal, key, now, claims: claimsOf(scheme.codec.open(valid)), valid, options }
}

/** For an id that is only part of a URL. */
const ANY_ID = 'kit'

/**
 * A portal that can sign, made of one that may only verify: missing ids that are only part of a URL
 * are filled in, and the tenant takes the place of the id that credentials are for.
 * @throws ConfigError where that id is unknown
 */
function signingPortal(portal: Portal, tenant: string | undefined): Portal {
  const { scheme, keys } = portal
  const audience = scheme.audience === undefined ? null : audienceFor(portal, tenant)
  const filled = Object.entries(portal.ids).map(([name, id]) => [name, id ?? ANY_ID])
  const ids = Object.fromEntries(filled) as Record<string, string>
  if (scheme.audience !== undefined && audience !== null) ids[scheme.audience] = audience
  const keysOf: typeof keys.keysOf = (name, now) => keys.keysOf(tenant ?? name, now)
  return { ...portal, ids, audience, keys: { ...keys, keysOf } }
}

function audienceFor({ scheme, audience, keys }: Portal, tenant: string | undefined): string {
  const known = tenant ?? audience
  if (known !== null) return known
  if (!scheme.claims.audience && keys.known) return ANY_ID // one secret serves every name
  throw new ConfigError('audience_missing', {
    problem: `A credential of ${scheme.name} has to be for a certain "${scheme.audience}", and none is known`,
    fix: `Pass "${scheme.audience}" to ${scheme.name}(), or \`tenant\` to the kit`,
  })
}
