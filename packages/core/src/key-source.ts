import { isPromise, withDeadline, type Awaitable } from './awaitable'
import { boundedCache } from './bounded-cache'
import { ConfigError } from './config-error'
import type { Key } from './key'
import { Rejection } from './rejection'
import { toKeys, type SecretInput } from './secret'

/** What a lookup is asked. Frozen. */
export interface SecretRequest {
  /** 1 to 255 of `A-Z a-z 0-9 _ -`, not yet authenticated; `null` where the portal has one secret for all. */
  readonly tenant: string | null
  readonly scheme: string
}

/** Finds a tenant's secrets. `null` says that there is no such tenant. */
export type SecretLookup = (
  request: SecretRequest,
) => Awaitable<SecretInput | readonly SecretInput[] | null | undefined>

/** One secret, several while they rotate (the first signs, all verify), or a function that finds them. */
export type SecretSource = SecretInput | readonly SecretInput[] | SecretLookup

/** The keys of a tenant; `null` for a tenant that does not exist. */
export interface KeySource {
  /** The keys known at construction; `null` where each tenant's are looked up. */
  readonly known: readonly Key[] | null
  keysOf(tenant: string | null, now: number): Awaitable<readonly Key[] | null>
}

/** How long a lookup may take, in milliseconds. */
export const LOOKUP_DEADLINE = 2_000
/** How long an answer is believed, in milliseconds: a revoked secret is refused after that. */
export const LOOKUP_TTL = 60_000
const MAX_TENANTS = 10_000
const MAX_UNKNOWN_TENANTS = 1_000

/** @throws ConfigError where the secret given is unusable */
export function keySource(scheme: string, secret: SecretSource | undefined): KeySource {
  if (typeof secret === 'function') return lookedUp(scheme, secret)
  const keys = toKeys(secret as SecretInput) // `undefined` is answered by toKeys, with its fix
  return { known: keys, keysOf: () => keys }
}

/** `null` for a tenant that does not exist. */
type Keys = readonly Key[] | null

function lookedUp(scheme: string, lookup: SecretLookup): KeySource {
  const found = boundedCache<readonly Key[]>(MAX_TENANTS, LOOKUP_TTL)
  const unknown = boundedCache<null>(MAX_UNKNOWN_TENANTS, LOOKUP_TTL)
  const underway = new Map<string, Promise<Keys>>()

  function remember(tenant: string, keys: Keys, now: number): Keys {
    if (keys === null) unknown.set(tenant, null, now)
    else found.set(tenant, keys, now)
    return keys
  }

  function look(name: string, tenant: string | null, now: number): Awaitable<Keys> {
    const answer = ask(lookup, Object.freeze({ tenant, scheme }))
    if (!isPromise(answer)) return remember(name, keysFrom(answer), now)
    const keys = withDeadline(answer, LOOKUP_DEADLINE, () => unavailable('took longer than 2 s'))
      .catch((error: unknown) => {
        throw error instanceof Rejection ? error : unavailable('failed', error)
      })
      .then((late) => remember(name, keysFrom(late), now))
      .finally(() => underway.delete(name))
    underway.set(name, keys)
    return keys
  }

  return {
    known: null,
    keysOf(tenant, now) {
      const name = tenant ?? ''
      const cached = found.get(name, now) ?? unknown.get(name, now)
      return cached === undefined ? (underway.get(name) ?? look(name, tenant, now)) : cached
    },
  }
}

type Answer = Awaited<ReturnType<SecretLookup>>

function ask(lookup: SecretLookup, request: SecretRequest): Awaitable<Answer> {
  try {
    return lookup(request)
  } catch (error) {
    throw unavailable('failed', error)
  }
}

function keysFrom(answer: Answer): readonly Key[] | null {
  return answer === null || answer === undefined ? null : toKeys(answer)
}

function unavailable(what: string, cause?: unknown): Rejection {
  return new Rejection('secret_unavailable', `the lookup of a secret ${what}`, cause)
}

/** True for what a tenant may be called. */
export function isTenantId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{1,255}$/.test(value)
}

/** @throws ConfigError where two keys of one scheme, or of two, are the same */
export function assertDistinct(a: readonly Key[], b: readonly Key[], whose: string): void {
  if (!a.some((key) => b.some((other) => key.equals(other)))) return
  throw new ConfigError('secret_reuse', {
    problem: `${whose} share a secret, so what one signs could pass for the other's`,
    fix: 'Give each its own secret, or set `allowSecretReuse` if the portal really has one for both',
  })
}
