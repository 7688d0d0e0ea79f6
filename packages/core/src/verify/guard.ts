import { isPromise, type Awaitable } from '../awaitable'
import { callback, flag, choice, readOptions, type OptionTable, type Settings } from '../options'
import { publish, reporterFor, type Reporter } from '../report'
import type { Portal, UserOf } from '../portal'
import type { Reservation } from '../replay/lease'
import type { RequestView, ResponseData } from '../request'
import type { PortalUser } from '../wire/claims'
import { Admitted } from './admission'
import { onlyScheme, portalList } from './choose'
import { verifierOptions, type VerifierOptions, type VerifierSettings } from './settings'
import { tenantGiven, type UnknownTenant } from './tenant'
import type { Verification, VerificationError, Verified } from './verification'
import { verifierFor } from './verifier'

/** What a guard does with the result of a verification. */
export interface GuardOptions<
  User extends PortalUser = PortalUser,
  Native = unknown,
> extends VerifierOptions<Native> {
  /**
   * `optional` lets a request without any credential pass. An invalid credential is refused in
   * either mode.
   * @default 'required'
   */
  readonly mode?: 'required' | 'optional' | undefined
  /**
   * `respond` answers a refused request; `forward` passes the error to the application's own error
   * handler (`next(error)` in Express, a throw in Koa).
   * @default 'respond'
   */
  readonly rejections?: 'respond' | 'forward' | undefined
  /**
   * Remove the credential from the URL that later middleware, such as loggers, will see.
   * @default false
   */
  readonly stripCredential?: boolean | undefined
  /** Called for each accepted credential. No observer can change a decision, even by throwing. */
  readonly onVerified?: ((verified: Verified<User>, request: Native) => void) | undefined
  /** Called for each refusal, with its private code and detail, for logs and metrics. */
  readonly onRejected?: ((error: VerificationError, request: Native) => void) | undefined
  /** Called for each credential that an older secret signed. Once it stays silent, remove that secret. */
  readonly onRotatedKey?: ((verified: Verified<User>, request: Native) => void) | undefined
}

/** What the adapter has to do. */
export type Decision<User extends PortalUser = PortalUser> =
  | {
      readonly pass: true
      /** `undefined` for an anonymous request in optional mode. */
      readonly verified: Verified<User> | undefined
      /** To be set on the response before the handler runs. Names in lower case. */
      readonly headers: readonly (readonly [name: string, value: string])[]
      /** To be settled by the response. */
      readonly reservation: Reservation | undefined
    }
  | Refusal

/** A request that does not pass, with the response to send. */
export interface Refusal {
  readonly pass: false
  readonly error: VerificationError
  readonly response: ResponseData
}

/** Decides for each request whether it passes. Adapters carry the decision out. */
export interface Guard<User extends PortalUser = PortalUser, Native extends object = object> {
  /** Verifies one request, once for a method and a tenant. Never rejects for a refusal. */
  decide(request: RequestView<Native>): Awaitable<Decision<User>>
  /** Refuses a request after all: reports it as any other refusal. */
  refuse(error: VerificationError, request: RequestView<Native>): Refusal
  /** Whether the error is passed on instead of sending the response. */
  readonly forwards: boolean
  /** Query parameters to remove from the URL once they were read. */
  readonly strips: readonly string[]
}

/** The options with their defaults. */
export type GuardSettings = VerifierSettings &
  Settings<Omit<GuardOptions, keyof VerifierOptions>, 'onVerified' | 'onRejected' | 'onRotatedKey'>

export function guardOptions(portals: readonly Portal[]): OptionTable<GuardSettings> {
  return {
    ...verifierOptions(portals),
    mode: choice(['required', 'optional'], 'required'),
    rejections: choice(['respond', 'forward'], 'respond'),
    stripCredential: flag,
    onVerified: callback(),
    onRejected: callback(),
    onRotatedKey: callback(),
  }
}

/** For the response to a URL with a credential in it (RFC 6750 section 5.3). */
const PRIVATE: readonly (readonly [string, string])[] = [
  ['cache-control', 'private, no-store'],
  ['referrer-policy', 'no-referrer'],
]

/**
 * Turns verifications into decisions: a whole middleware but for the framework.
 * @param owner the function whose options these are, for errors
 * @throws ConfigError `misconfigured` for options that cannot work
 */
export function createGuard<P extends Portal, Native extends object = object>(
  portal: P | readonly P[],
  options: GuardOptions<UserOf<P>, Native> = {},
  owner = 'createGuard()',
): Guard<UserOf<P>, Native> {
  const portals = portalList(portal)
  const settings = readOptions(owner, guardOptions(portals), options)
  return guardFor(portals, settings, owner) as Guard<UserOf<P>, Native> // of the chosen portal
}

/** The guard behind the check of its options. */
export function guardFor(
  portals: readonly Portal[],
  settings: GuardSettings,
  owner: string,
): Guard {
  const verifier = verifierFor(portals, settings, owner)
  const observers = observersOf(settings, reporterFor(owner))

  function decided(result: Verification, request: RequestView<object>): Decision {
    if (result.ok) {
      observers.verified(result.value, request.native)
      return passed(guard, request, result.value)
    }
    const { error, absent, scheme } = result
    if (absent && settings.mode === 'optional') return passed(guard, request, undefined)
    return observers.refused(error, scheme, request.native)
  }

  const guard: Guard = {
    decide(request) {
      const verified = admittedBy(guard, request, settings.tenant)
      if (verified) return { pass: true, verified, headers: [], reservation: undefined }
      const result = verifier.verify(request)
      return isPromise(result)
        ? result.then((late) => decided(late, request))
        : decided(result, request)
    },
    refuse: (error, { native }) => observers.refused(error, onlyScheme(portals), native),
    forwards: settings.rejections === 'forward',
    strips: settings.stripCredential
      ? portals.flatMap(({ scheme }) => scheme.carrier.parameters)
      : [],
  }
  return guard
}

function passed(
  guard: object,
  { native, method }: RequestView<object>,
  verified: Verified | undefined,
): Decision {
  Admitted.add(native, { guard, method, verified })
  const headers = verified?.inUrl ? PRIVATE : []
  return { pass: true, verified, headers, reservation: verified?.reservation }
}

/** The user of a request that the guard has let pass before, for the same method and tenant. */
function admittedBy(
  guard: object,
  { native, method }: RequestView<object>,
  tenant: VerifierSettings['tenant'],
): Verified | undefined {
  const known = Admitted.of(native)
  if (known?.guard !== guard || known.method !== method || !known.verified) return undefined
  const isSame = !tenant || tenantNow(tenant, native) === known.verified.auth.tenant
  return isSame ? known.verified : undefined
}

function tenantNow(
  tenant: NonNullable<VerifierSettings['tenant']>,
  native: object,
): string | UnknownTenant | undefined {
  try {
    return tenantGiven(tenant, native)
  } catch {
    return undefined // the verifier asks again, and reports it
  }
}

function observersOf(settings: GuardSettings, reporter: Reporter) {
  const { onVerified, onRejected, onRotatedKey } = settings
  return {
    verified(verified: Verified, request: object): void {
      const { scheme, tenant, keyId } = verified.auth
      publish('verified', { scheme, tenant, keyId })
      if (onVerified) reporter.observe('onVerified', () => onVerified(verified, request))
      if (!verified.rotated) return
      publish('rotated', { scheme, tenant, keyId })
      if (onRotatedKey) reporter.observe('onRotatedKey', () => onRotatedKey(verified, request))
    },
    refused(error: VerificationError, scheme: string | null, request: object): Refusal {
      const observer = onRejected && ((told: VerificationError) => onRejected(told, request))
      return { pass: false, error, response: reporter.refused(error, scheme, observer) }
    },
  }
}
