import { whenReady, type Awaitable } from './awaitable'
import type { PortalUser } from './claims'
import { ConfigError } from './config-error'
import { mistakeReporter, watch } from './observe'
import { booleanOption, functionOption, oneOfOption } from './options'
import { assertOptions, VERIFIER_OPTIONS, type VerifierOptions } from './verifier-options'
import type { Portal, UserOf } from './portal'
import { problemResponse } from './problem'
import type { RequestView, ResponseData } from './request'
import type { Verification, VerificationError, Verified } from './verification'
import { asList, verifierFor } from './verifier'

/** What a guard does with a verification. */
export interface GuardOptions<
  User extends PortalUser = PortalUser,
  Native = unknown,
> extends VerifierOptions<Native> {
  /**
   * `optional` lets a request through that carries no credential at all. A bad one is refused all
   * the same.
   * @default 'required'
   */
  readonly mode?: 'required' | 'optional' | undefined
  /**
   * `respond` answers a refused request; `forward` hands the error to the application's own error
   * handler (`next(error)` in Express, a throw in Koa).
   * @default 'respond'
   */
  readonly rejections?: 'respond' | 'forward' | undefined
  /**
   * Take the credential out of the URL that later middleware, loggers for one, will see.
   * @default false
   */
  readonly stripCredential?: boolean | undefined
  /** Sees each accepted credential. Like all observers it changes no verdict, even when it throws. */
  readonly onVerified?: ((verified: Verified<User>, request: Native) => void) | undefined
  /** Sees each refusal with its private code and detail: for logs and metrics. */
  readonly onRejected?: ((error: VerificationError, request: Native) => void) | undefined
  /** Sees each credential that an older secret signed. When it falls silent, that secret can go. */
  readonly onRotatedKey?: ((verified: Verified<User>, request: Native) => void) | undefined
}

const GUARD_OPTIONS = [
  ...VERIFIER_OPTIONS,
  'mode',
  'rejections',
  'stripCredential',
  'onVerified',
  'onRejected',
  'onRotatedKey',
]

/** What the adapter must do next. */
export type Verdict<User extends PortalUser = PortalUser> =
  | {
      readonly pass: true
      /** `undefined` for a stranger in optional mode. */
      readonly verified: Verified<User> | undefined
      /** To be set on the answer before the handler runs. Names in lower case. */
      readonly headers: Readonly<Record<string, string>>
    }
  | { readonly pass: false; readonly error: VerificationError; readonly response: ResponseData }

export interface Guard<User extends PortalUser = PortalUser, Native = unknown> {
  judge(request: RequestView<Native>): Awaitable<Verdict<User>>
  /** Hand the error on instead of sending the response. */
  readonly forwards: boolean
  /** Query parameters to take out of the URL once they were read. */
  readonly strips: readonly string[]
}

/** On an answer to a URL that held a credential (RFC 6750 section 5.3). */
const KEEP_URL_PRIVATE = { 'cache-control': 'private, no-store', 'referrer-policy': 'no-referrer' }
const NO_HEADERS = {}

/**
 * Turns verifications into verdicts: the whole middleware, but for the framework.
 * @throws ConfigError `misconfigured` for options that cannot work
 */
export function createGuard<P extends Portal, Native = unknown>(
  portal: P | readonly P[],
  options: GuardOptions<UserOf<P>, Native> = {},
): Guard<UserOf<P>, Native> {
  const portals = asList(portal)
  assertGuardOptions(portals, options as GuardOptions<PortalUser, Native>)
  const verifier = verifierFor(portals, options)
  const observe = observers(options as GuardOptions<PortalUser, Native>)
  const optional = options.mode === 'optional'

  function decide(result: Verification, { native }: RequestView<Native>): Verdict {
    if (result.ok) {
      observe.verified(result.value, native)
      const headers = result.value.inUrl ? KEEP_URL_PRIVATE : NO_HEADERS
      return { pass: true, verified: result.value, headers }
    }
    if (optional && result.absent) return { pass: true, verified: undefined, headers: NO_HEADERS }
    const response = problemResponse(result.error) // before anyone can touch the error
    observe.rejected(result.error, native)
    return { pass: false, error: result.error, response }
  }

  const guard: Guard<PortalUser, Native> = {
    judge: (request) => whenReady(verifier.verify(request), (result) => decide(result, request)),
    forwards: options.rejections === 'forward',
    strips: options.stripCredential
      ? portals.flatMap(({ scheme }) => scheme.carrier.parameters)
      : [],
  }
  return guard as unknown as Guard<UserOf<P>, Native> // the chosen portal's own user
}

function assertGuardOptions<Native>(
  portals: readonly Portal[],
  options: GuardOptions<PortalUser, Native>,
): void {
  assertOptions(portals, options, GUARD_OPTIONS)
  oneOfOption('mode', options.mode, [undefined, 'required', 'optional'])
  oneOfOption('rejections', options.rejections, [undefined, 'respond', 'forward'])
  booleanOption('stripCredential', options.stripCredential)
  for (const name of ['onVerified', 'onRejected', 'onRotatedKey'] as const) {
    functionOption(name, options[name])
  }
}

interface Observers<Native> {
  verified(verified: Verified, request: Native): void
  rejected(error: VerificationError, request: Native): void
}

function observers<Native>(options: GuardOptions<PortalUser, Native>): Observers<Native> {
  const { onVerified, onRejected, onRotatedKey } = options
  const tellDeveloper = mistakeReporter()
  return {
    verified(verified, request) {
      if (onVerified) watch('onVerified', () => onVerified(verified, request))
      if (onRotatedKey && verified.rotated) {
        watch('onRotatedKey', () => onRotatedKey(verified, request))
      }
    },
    rejected(error, request) {
      if (error instanceof ConfigError) tellDeveloper(error)
      if (onRejected) watch('onRejected', () => onRejected(error, request))
    },
  }
}
