import { isPromise, withDeadline, type Awaitable } from '../awaitable'
import { ConfigError } from '../config-error'
import { isRejection, Rejection } from '../rejection'
import type { Scheme } from '../scheme'
import type { Key } from './key'
import { toKeys, type SecretInput, type SecretOwner } from './secret'

/** What a secret lookup receives. Frozen. */
export interface SecretRequest {
  /**
   * 1 to 255 letters, digits, "_" and "-", not yet authenticated; `null` where the portal has one
   * secret for all tenants. Compare it exactly: case matters.
   */
  readonly tenant: string | null
  readonly scheme: string
}

/**
 * Finds a tenant's secrets. Returns `null` or `undefined` for an unknown tenant. For a portal with an
 * id of its own, and where one secret serves all tenants, `undefined` is a missing secret, as of an
 * environment variable that is not set.
 */
export type SecretLookup = (
  request: SecretRequest,
) => Awaitable<SecretInput | readonly SecretInput[] | null | undefined>

/** One secret, a list while they rotate (the first signs, all verify), or a function that finds them. */
export type SecretSource = SecretInput | readonly SecretInput[] | SecretLookup

/** A tenant's keys; `null` for an unknown tenant. */
export type Keys = readonly Key[] | null

/** Finds the keys of a portal, or of one of its tenants. */
export interface KeySource {
  /** The keys given at construction; `null` where each tenant's keys are looked up. */
  readonly known: Keys
  /** @throws Rejection `secret_unavailable`, ConfigError for an unusable secret */
  keysOf(tenant: string | null, now: number): Awaitable<Keys>
}

/** How long a lookup may take, in milliseconds. */
export const LOOKUP_DEADLINE = 2_000
/** How long a result is cached, in milliseconds: a revoked secret is refused after that. */
export const LOOKUP_TTL = 60_000
/** Lookups that may be in flight at once. */
export const MAX_LOOKUPS = 1_000
const MAX_TENANTS = 10_000
const MAX_UNKNOWN_TENANTS = 1_000
/** The name under which a secret for all tenants is cached. No tenant has it. */
const ONE_FOR_ALL = ''

/**
 * @param scheme its name, and what is special about its secrets
 * @param id the portal's own; `null` where one secret serves all tenants, or each has its own
 * @throws ConfigError where the given secret is unusable
 */
export function keySource(
  scheme: Pick<Scheme, 'name' | 'notSecrets' | 'secretSpelling'>,
  secret: SecretSource | undefined,
  id: string | null,
): KeySource {
  const { name, notSecrets = {}, secretSpelling: spelling } = scheme
  const owner = { name, notSecrets, spelling, warned: new Set<string>() }
  if (typeof secret === 'function') return lookedUp(secret, owner, id ?? ONE_FOR_ALL)
  const keys = toKeys(secret, owner)
  return { known: keys, keysOf: () => keys }
}

/** @param own the tenant whose secret cannot be missing */
function lookedUp(lookup: SecretLookup, owner: SecretOwner, own: string): KeySource {
  const found = boundedCache<readonly Key[]>(MAX_TENANTS, LOOKUP_TTL)
  const unknown = boundedCache<null>(MAX_UNKNOWN_TENANTS, LOOKUP_TTL)
  const inFlight = new Map<string, Promise<Keys>>()

  function remember(tenant: string, answer: Answer, now: number): Keys {
    const isUnknown = answer === null || (answer === undefined && tenant !== own)
    const keys = isUnknown ? null : toKeys(answer, owner)
    if (keys) found.set(tenant, keys, now)
    else unknown.set(tenant, null, now)
    return keys
  }

  function look(name: string, tenant: string | null, now: number): Awaitable<Keys> {
    if (inFlight.size >= MAX_LOOKUPS) throw unavailable('has to wait for too many others')
    const answer = ask(lookup, Object.freeze({ tenant, scheme: owner.name }))
    if (!isPromise(answer)) return remember(name, answer, now)
    const keys = awaited(name, answer, now)
    inFlight.set(name, keys)
    return keys
  }

  async function awaited(name: string, answer: PromiseLike<Answer>, now: number): Promise<Keys> {
    try {
      return remember(name, await withDeadline(answer, LOOKUP_DEADLINE, late).catch(failed), now)
    } finally {
      inFlight.delete(name)
    }
  }

  return {
    known: null,
    keysOf(tenant, now) {
      const name = tenant ?? ONE_FOR_ALL
      const cached = found.get(name, now) ?? unknown.get(name, now)
      if (cached !== undefined) return cached
      return inFlight.get(name)?.catch(repeated) ?? look(name, tenant, now)
    },
  }
}

type Answer = Awaited<ReturnType<SecretLookup>>

function ask(lookup: SecretLookup, request: SecretRequest): Awaitable<Answer> {
  try {
    return lookup(request)
  } catch (error) {
    return failed(error)
  }
}

function late(): Rejection {
  return unavailable(`took longer than ${LOOKUP_DEADLINE / 1000} s`)
}

function failed(error: unknown): never {
  throw isRejection(error) ? error : unavailable('failed', error)
}

/** Each request gets an error object of its own, because error handlers add to them. */
function repeated(error: unknown): never {
  if (isRejection(error)) throw new Rejection(error.code, error.detail, error.cause)
  if (!(error instanceof ConfigError)) throw error
  throw new ConfigError(error.reason, { problem: error.detail, fix: error.fix })
}

function unavailable(problem: string, cause?: unknown): Rejection {
  return new Rejection('secret_unavailable', `the lookup of the secret ${problem}`, cause)
}

/**
 * The oldest entry makes room for the newest. A clock that is set back makes entries stale, not
 * permanent.
 * @param max entries
 * @param ttl milliseconds
 */
function boundedCache<Value>(max: number, ttl: number) {
  const entries = new Map<string, { readonly value: Value; readonly since: number }>()
  return {
    get(key: string, now: number): Value | undefined {
      const entry = entries.get(key)
      if (!entry) return undefined
      const age = now - entry.since
      return age >= 0 && age < ttl ? entry.value : undefined
    },
    set(key: string, value: Value, now: number): void {
      entries.delete(key)
      const oldest = entries.keys().next()
      if (entries.size >= max && !oldest.done) entries.delete(oldest.value)
      entries.set(key, { value, since: now })
    },
  }
}

/** @throws ConfigError where two portals share a secret */
export function assertDistinctKeys(a: Keys, b: Keys, owners: string): void {
  if (!a?.some((key) => b?.some((other) => key.equals(other)))) return
  throw new ConfigError('secret_reuse', {
    problem: `${owners} share a secret, so a credential for one could pass for the other's`,
    fix: 'Give each its own secret, or set `allowSecretReuse` if the vendor issued one secret for both',
  })
}
