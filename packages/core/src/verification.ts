import type { Awaitable } from './awaitable'
import type { PortalUser } from './claims'
import type { ConfigError } from './config-error'
import type { Rejection } from './rejection'
import type { RequestView } from './request'
import type { Reservation } from './reservation'

/** How we know the user. */
export interface PortalAuth {
  readonly scheme: string
  /** Whose secret signed; `null` where the portal has one for all. */
  readonly tenant: string | null
  /** The id of the secret that signed; `null` where it has none. */
  readonly keyId: string | null
  readonly issuedAt: Date | null
  readonly expiresAt: Date | null
  readonly nonce: string | null
  /**
   * Uses up a one-time credential: once a request, however often it is called. In lease mode it makes
   * the use final, whatever the answer will be.
   * Rejects with `token_replayed` or `store_unavailable` (a `Rejection`), and with a `ConfigError`
   * where the credential is not single-use.
   */
  consume(): Promise<void>
}

export interface Verified<User extends PortalUser = PortalUser> {
  readonly user: User
  readonly auth: PortalAuth
  /** True where an older secret of the list signed. */
  readonly rotated: boolean
  /** True where the credential stood in the URL: caches and the next page must not learn it. */
  readonly inUrl: boolean
  /** Set in lease mode, for the one who has taken the credential: its answer must settle it. */
  readonly reservation: Reservation | undefined
}

/** Why a request was refused: its own fault or an outage, or the developer's mistake. */
export type VerificationError = Rejection | ConfigError

export type Verification<User extends PortalUser = PortalUser> =
  | { readonly ok: true; readonly value: Verified<User> }
  | {
      readonly ok: false
      readonly error: VerificationError
      /** True where no credential was sent at all, not even a part of one. */
      readonly absent: boolean
    }

export interface Verifier<User extends PortalUser = PortalUser, Native = unknown> {
  /**
   * Judges one request; what is wrong with it is a value, not an exception. Answers without a
   * promise where nothing has to be waited for: `await` works on both.
   */
  verify(request: RequestView<Native>): Awaitable<Verification<User>>
}
