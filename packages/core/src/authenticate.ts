import { createSecretKey, randomBytes } from 'node:crypto'
import { whenReady, type Awaitable } from './awaitable'
import type { Envelope } from './codec'
import { Key } from './key'
import { isTenantId } from './key-source'
import type { Mac } from './mac'
import { assertKeyLength, type Policy } from './policy'
import type { Portal } from './portal'
import { Rejection } from './rejection'

interface TenantContext<Native> {
  readonly portal: Portal
  readonly policy: Policy<Native>
  readonly native: Native
}

/**
 * Whose secret to use: `null` where one serves all, `undefined` where there is no such tenant.
 * A name in the credential is not signed, so it counts only where a secret hangs on it: where the
 * portal knows its own id, or looks the secret up by that name.
 */
export function tenantOf<Native>(
  { tenant: named }: Envelope,
  { portal, policy, native }: TenantContext<Native>,
): string | null | undefined {
  const given = policy.tenant ? askTenant(policy.tenant, native) : null
  if (given === undefined || named === null) return given
  const expected = portal.audience ?? given
  if (expected !== null && named !== expected) return undefined
  if (given !== null) return given
  return portal.keys.known && portal.audience === null ? null : named
}

function askTenant<Native>(
  tenant: NonNullable<Policy<Native>['tenant']>,
  native: Native,
): string | undefined {
  let id: unknown
  try {
    id = tenant(native)
  } catch (cause) {
    throw new Rejection('secret_unavailable', '`tenant` failed', cause)
  }
  return isTenantId(id) ? id : undefined
}

interface KeysContext<Native> {
  readonly portal: Portal
  readonly policy: Policy<Native>
  readonly now: number
}

/** The keys of a tenant; `null` where there is no such tenant. */
export function tenantKeys<Native>(
  tenant: string | null | undefined,
  { portal, policy, now }: KeysContext<Native>,
): Awaitable<readonly Key[] | null> {
  if (tenant === undefined) return null
  if (portal.keys.known) return portal.keys.known
  return whenReady(portal.keys.keysOf(tenant, now), (keys) => {
    assertKeyLength(portal, keys ?? [], policy.allowShortSecret)
    return keys
  })
}

interface AuthenticationContext {
  readonly mac: Mac
  readonly keys: readonly Key[] | null
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** Stands in for the keys of a tenant that does not exist, so that it takes as long to refuse. */
const nobodysKey: Key = new Key(createSecretKey(randomBytes(32)), { id: null, notAfter: -Infinity })

/**
 * The key that signed. All are tried, also after one has matched: the time says nothing about which.
 * @throws Rejection `signature_invalid`
 */
export function authenticate(envelope: Envelope, context: AuthenticationContext): Key {
  const { mac, keys, now } = context
  let match: Key | undefined
  for (const key of keys ?? [nobodysKey]) {
    const signed = mac.verify(key, envelope.input, envelope.signature)
    if (signed && match === undefined && now < key.notAfter) match = key
  }
  if (match === undefined) {
    throw new Rejection('signature_invalid', keys ? 'no secret matches' : 'there is no such tenant')
  }
  return match
}
