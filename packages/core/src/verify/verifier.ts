import { isPromise, type Awaitable } from '../awaitable'
import { ConfigError } from '../config-error'
import { readOptions } from '../options'
import type { Portal, UserOf } from '../portal'
import type { Key } from '../keys/key'
import type { Keys } from '../keys/key-source'
import { isRejection, Rejection } from '../rejection'
import { useOnce, type OneTimeResult } from '../replay/one-time'
import { replayKey } from '../replay/store'
import type { RequestView } from '../request'
import { needsBody, type NeedsBody } from '../wire/carriers'
import { LIMITS } from '../wire/limits'
import { plainBody } from '../wire/message'
import { entriesOf } from './admission'
import { check, open, type Attempt, type Checked, type Route } from './check'
import {
  assertDistinguishable,
  assertPortals,
  carrierOf,
  choose,
  onlyScheme,
  portalList,
  type Found,
} from './choose'
import {
  oneTimeSettings,
  verifierOptions,
  type VerifierOptions,
  type VerifierSettings,
} from './settings'
import { endOf, timeLimits } from './times'
import {
  VerifiedAuth,
  type Verification,
  type VerificationError,
  type Verifier,
} from './verification'

/**
 * Verifies signed users for one portal or several.
 * @throws ConfigError `misconfigured` for options that cannot work
 */
export function createVerifier<P extends Portal, Native = unknown>(
  portal: P | readonly P[],
  options: VerifierOptions<Native> = {},
): Verifier<UserOf<P>, Native> {
  const owner = 'createVerifier()'
  const portals = portalList(portal)
  const settings = readOptions(owner, verifierOptions(portals), options)
  return verifierFor(portals, settings, owner) as Verifier<UserOf<P>, Native> // of the chosen portal, for the requests of its options
}

/** The verifier behind the check of its options. */
export function verifierFor(
  portals: readonly Portal[],
  settings: VerifierSettings,
  owner: string,
): Verifier {
  assertPortals(portals, settings)
  const routes = portals.map((portal) => routeOf(portal, settings, owner))
  assertDistinguishable(routes)

  const scheme = onlyScheme(portals)

  function verify(request: RequestView): Awaitable<Verification> {
    let pending: Pending | undefined
    try {
      let found = choose(routes, request)
      if (needsBody(found)) {
        pending = found
        const body = plainBody(request)
        if (isPromise(body)) return verifyBody(pending, body, request, scheme)
        found = readBody(pending, body)
      }
      return found ? proceed(found, request) : nothingSent(scheme)
    } catch (error) {
      return pending ? withoutBody(error, pending, request, scheme) : refused(error, scheme)
    }
  }

  return { verify }
}

function routeOf(portal: Portal, settings: VerifierSettings, owner: string): Route {
  const oneTime = oneTimeSettings(portal, settings, owner)
  return {
    portal,
    settings,
    carrier: carrierOf(portal, settings.bearer),
    limits: timeLimits(portal.scheme.limits, settings.clockTolerance, settings.maxLifetime),
    useOnce: oneTime && useOnce(oneTime),
  }
}

type Pending = NeedsBody<Found<Route> | undefined>

async function verifyBody(
  pending: Pending,
  body: PromiseLike<Uint8Array>,
  request: RequestView,
  scheme: string | null,
): Promise<Verification> {
  try {
    const found = readBody(pending, await body)
    return found ? await proceed(found, request) : nothingSent(scheme)
  } catch (error) {
    return withoutBody(error, pending, request, scheme)
  }
}

function readBody({ read }: Pending, body: Uint8Array): ReturnType<typeof read> {
  if (body.length > LIMITS.body) throw new Rejection('body_too_large')
  return read(body)
}

/** A body that was only searched for a credential, and that cannot be read, contains none. */
function withoutBody(
  error: unknown,
  { fields, read }: Pending,
  request: RequestView,
  scheme: string | null,
): Awaitable<Verification> {
  const result = refused(error, scheme)
  if (result.ok || fields === null || mayContain(fields, result.error.code, request)) return result
  try {
    const found = read(null)
    if (found) return proceed(found, request)
  } catch (other) {
    return refused(other, scheme)
  }
  if (result.error.code === 'raw_body_unavailable') return nothingSent(scheme)
  return { ...result, absent: true }
}

/** Whether a body that could not be read may contain a credential in these fields. */
function mayContain(
  fields: readonly string[],
  code: VerificationError['code'],
  { parsedBody }: RequestView,
): boolean {
  if (code === 'body_too_large' || code === 'unsupported_encoding') return false
  const isParsed = typeof parsedBody === 'object' && parsedBody !== null
  if (code !== 'raw_body_unavailable' || !isParsed) return true
  return fields.some((name) => Object.hasOwn(parsedBody, name))
}

/** Waits for nothing but a secret that has to be looked up, and the store. */
function proceed(found: Found<Route>, request: RequestView): Awaitable<Verification> {
  const { name } = found.candidate.portal.scheme
  try {
    const attempt = open(found, request)
    const result = isPromise(attempt.keys)
      ? attempt.keys.then((keys) => finish(attempt, keys, request))
      : finish(attempt, attempt.keys, request)
    return isPromise(result) ? result.then(undefined, (error) => refused(error, name)) : result
  } catch (error) {
    return refused(error, name)
  }
}

/** Checks the credential and, where it is valid once, uses it. */
function finish(attempt: Attempt, keys: Keys, request: RequestView): Awaitable<Verification> {
  const checked = check(attempt, keys)
  const { useOnce: use } = attempt.route
  if (!use) return accepted(attempt, checked, keys, notSingleUse)
  const expiresAt = endOf(checked.claims, attempt.route.limits)
  const credential = { keys: replayKeys(attempt, checked, keys), expiresAt, now: attempt.now }
  const result = use(credential, request, entriesOf(request.native))
  return isPromise(result)
    ? result.then((used) => accepted(attempt, checked, keys, used))
    : accepted(attempt, checked, keys, result)
}

/**
 * Namespaces a credential by the secret that signed it, never by a tenant's name, which is not
 * signed. The key is the same in every process and however secrets rotate.
 */
function replayKeys(
  { route, envelope }: Attempt,
  { claims, key }: Checked,
  keys: Keys,
): readonly [string, ...string[]] {
  const { name, singleUse } = route.portal.scheme
  const distinct = singleUse?.by === 'nonce' ? [claims.nonce ?? ''] : envelope.input
  const under = ({ fingerprint }: Key) => replayKey([name, fingerprint, ...distinct])
  const others = keys && keys.length > 1 ? keys.filter((each) => each !== key) : []
  return [under(key), ...others.map(under)]
}

function accepted(
  { route, place, tenant }: Attempt,
  { claims, key }: Checked,
  keys: Keys,
  once: OneTimeResult,
): Verification {
  const by = { tenant, keyId: key.id }
  const auth = new VerifiedAuth(claims, endOf(claims, route.limits), by, once)
  const rotated = key !== keys?.[0]
  const inUrl = place.startsWith('?')
  return {
    ok: true,
    value: { user: claims.user, auth, rotated, inUrl, reservation: once.reservation },
  }
}

const notSingleUse: OneTimeResult = {
  entry: undefined,
  consume: () =>
    Promise.reject(
      new ConfigError('not_single_use', {
        problem: '`consume()` was called for a credential that is not single-use',
        fix: 'Call it for Harlyy links, or for fdback requests where the guard has a `replayStore`',
      }),
    ),
  reservation: undefined,
}

function nothingSent(scheme: string | null): Verification<never> {
  return {
    ok: false,
    error: new Rejection('credential_missing', 'no credential was sent'),
    absent: true,
    scheme,
  }
}

/** A refusal is a result; any other error is a bug of ours and is thrown. */
function refused(error: unknown, scheme: string | null): Verification<never> {
  if (!isRejection(error) && !(error instanceof ConfigError)) throw error
  return { ok: false, error, absent: false, scheme }
}
