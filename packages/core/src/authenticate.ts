import { createSecretKey, randomBytes } from 'node:crypto'
import { isPromise, whenReady, type Awaitable } from './awaitable'
import type { Envelope } from './codec'
import { ConfigError } from './config-error'
import { Key } from './key'
import { isTenantId } from './key-source'
import type { Mac } from './mac'
import type { Policy } from './policy'
import { assertKeyLength, type Portal } from './portal'
import { Rejection } from './rejection'
import type { RequestView } from './request'

/** Who signed. */
export interface Signatory {
  readonly key: Key
  /** Whose secret it is; `null` where the portal has one for all. */
  readonly tenant: string | null
  /** True where it is not the secret that signs today. */
  readonly rotated: boolean
}

/** @throws Rejection `signature_invalid`, also for a tenant that does not exist; `secret_unavailable` */
export type Authenticator<Native> = (
  envelope: Envelope,
  request: RequestView<Native>,
  now: number,
) => Awaitable<Signatory>

/** Finds the secret and checks the signature. What construction can decide is decided here, once. */
export function authenticator<Native>(
  portal: Portal,
  policy: Policy<Native>,
): Authenticator<Native> {
  const { mac } = portal.scheme
  const { keys } = portal

  return (envelope, request, now) => {
    const tenant =
      policy.tenant || envelope.tenant !== null
        ? tenantOf(envelope.tenant, { portal, policy, native: request.native })
        : null
    if (tenant === undefined) return matchingKey(envelope, { mac, keys: null, tenant: null, now })
    if (keys.known) return matchingKey(envelope, { mac, keys: keys.known, tenant, now })
    return whenReady(keys.keysOf(tenant ?? portal.audience, now), (found) => {
      assertKeyLength(portal, found ?? [], policy.allowShortSecret)
      return matchingKey(envelope, { mac, keys: found, tenant, now })
    })
  }
}

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
function tenantOf<Native>(
  named: string | null,
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
  if (isPromise(id)) id.then(undefined, () => {}) // its failure, too, would end the process
  if (id !== null && id !== undefined && typeof id !== 'string') throw notATenant()
  return isTenantId(id) ? id : undefined
}

function notATenant(): ConfigError {
  return new ConfigError('option_invalid', {
    problem: '`tenant` returned neither text nor null, a promise perhaps',
    fix: 'Let it return the id at once; what has to be looked up belongs into `secret`',
  })
}

interface Candidates {
  readonly mac: Mac
  /** `null` where there is no such tenant. */
  readonly keys: readonly Key[] | null
  readonly tenant: string | null
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** Stands in for the keys of a tenant that does not exist, so that it takes as long to refuse. */
const nobodysKey: Key = new Key(createSecretKey(randomBytes(32)), { id: null, notAfter: -Infinity })
const nobodysKeys: readonly Key[] = [nobodysKey]

/** All keys are tried, also after one has matched: the time says nothing about which. */
function matchingKey(envelope: Envelope, { mac, keys, tenant, now }: Candidates): Signatory {
  const tried = keys ?? nobodysKeys
  let match: Key | undefined
  for (let index = 0; index < tried.length; index++) {
    const key = tried[index] as Key // within bounds
    const signed = mac.verify(key, envelope.input, envelope.signature)
    if (signed && match === undefined && now < key.notAfter) match = key
  }
  if (match !== undefined) return { key: match, tenant, rotated: match !== keys?.[0] }
  throw new Rejection('signature_invalid', keys ? 'no secret matches' : 'there is no such tenant')
}
