import type { Awaitable } from '../awaitable'
import type { ConfigError } from '../config-error'
import type { Rejection } from '../rejection'
import type { Reservation } from '../replay/lease'
import type { OneTimeResult, OneTimeEntry } from '../replay/one-time'
import type { RequestView } from '../request'
import type { Claims, PortalUser } from '../wire/claims'

/** How a user was verified. */
export interface PortalAuth {
  readonly scheme: string
  /** Whose secret signed; `null` where the portal has one secret for all tenants. */
  readonly tenant: string | null
  /** The id of the secret that signed; `null` where it has none. */
  readonly keyId: string | null
  readonly issuedAt: Date | null
  readonly expiresAt: Date | null
  readonly nonce: string | null
  /**
   * Uses up a one-time credential: once per request, however often it is called. In lease mode it
   * makes the use final, whatever the response will be.
   *
   * Rejects with `token_replayed` or `store_unavailable` (a `Rejection`), and with a `ConfigError`
   * where the credential is not single-use.
   */
  readonly consume: () => Promise<void>
}

/** An accepted credential. */
export interface Verified<User extends PortalUser = PortalUser> {
  readonly user: User
  readonly auth: PortalAuth
  /** True where an older secret of the list signed. */
  readonly rotated: boolean
  /** True for a credential in the URL, which must not reach caches and `Referer` headers. */
  readonly inUrl: boolean
  /** Set in lease mode for the request that has reserved the credential: its response settles it. */
  readonly reservation: Reservation | undefined
}

/** Why a request was refused: the credential or an outage, or a mistake of the application. */
export type VerificationError = Rejection | ConfigError

/** The result of a verification: the verified user, or why there is none. */
export type Verification<User extends PortalUser = PortalUser> =
  | { readonly ok: true; readonly value: Verified<User> }
  | {
      readonly ok: false
      readonly error: VerificationError
      /** True where no part of a credential was sent. */
      readonly absent: boolean
      /** The scheme that the request was refused for; `null` where it matches none of several. */
      readonly scheme: string | null
    }

/** Verifies requests for one portal, or for several. */
export interface Verifier<User extends PortalUser = PortalUser, Native = unknown> {
  /**
   * Verifies one request. A refusal is a value, not an exception. Returns without a promise where
   * nothing has to be awaited; `await` works on both.
   */
  verify(request: RequestView<Native>): Awaitable<Verification<User>>
}

/** Makes its dates when they are asked for. */
export class VerifiedAuth implements PortalAuth {
  readonly scheme: string
  readonly tenant: string | null
  readonly keyId: string | null
  readonly nonce: string | null
  readonly consume: () => Promise<void>
  readonly #entry: OneTimeEntry | undefined
  readonly #issuedAt: number | null
  readonly #expiresAt: number | null

  constructor(
    { user, nonce, issuedAt }: Claims<PortalUser>,
    expiresAt: number | null,
    { tenant, keyId }: Pick<PortalAuth, 'tenant' | 'keyId'>,
    { entry, consume }: OneTimeResult,
  ) {
    this.scheme = user.scheme
    this.tenant = tenant
    this.keyId = keyId
    this.nonce = nonce
    this.consume = consume
    this.#entry = entry
    this.#issuedAt = issuedAt
    this.#expiresAt = expiresAt
  }

  get issuedAt(): Date | null {
    return this.#issuedAt === null ? null : new Date(this.#issuedAt)
  }

  get expiresAt(): Date | null {
    return this.#expiresAt === null ? null : new Date(this.#expiresAt)
  }

  static entryOf(auth: PortalAuth): OneTimeEntry | undefined {
    return #entry in auth ? auth.#entry : undefined
  }

  toJSON(): object {
    const { scheme, tenant, keyId, issuedAt, expiresAt, nonce } = this
    return { scheme, tenant, keyId, issuedAt, expiresAt, nonce }
  }
}
