import { ConfigError } from '../config-error'
import type { Awaitable } from '../awaitable'
import { localPathOption } from '../local-path'
import { callback, choice, requiredCallback, type OptionTable, type Settings } from '../options'
import type { PortalUser } from '../wire/claims'
import type { GuardOptions } from './guard'
import type { PortalAuth } from './verification'

/** The session that a visitor has already, as `current` returns it. */
export interface CurrentSession {
  /** The `portalUser.id` of its user. */
  readonly id: string | null
  /** The `portalAuth.tenant` of its user, where one application serves many tenants. */
  readonly tenant?: string | null | undefined
  /** The `link` that `establish` received for it. */
  readonly link?: string | undefined
}

/** What `establish` receives beside the user and the request. */
export interface ExchangeContext {
  readonly portalAuth: PortalAuth
  /** The session that the visitor had as another user; `null` for none. */
  readonly previous: CurrentSession | null
  /** Identifies the link. Keep it in the session, and return it from `current`. */
  readonly link: string | undefined
}

interface OwnOptions<User extends PortalUser, Native> {
  /**
   * Makes the application's own session for the user. Give the session a new id, and keep nothing of
   * the old one. Where there is no response to set cookies on, return the `Set-Cookie` values.
   */
  readonly establish: (
    user: User,
    request: Native,
    context: ExchangeContext,
  ) => Awaitable<{ readonly cookies: readonly string[] } | void>
  /**
   * The visitor's session, if there is one. Tells `establish` that the visitor was another user, and
   * lets the same link be opened again with the session that was made of it.
   */
  readonly current?: ((request: Native) => Awaitable<CurrentSession | null | undefined>) | undefined
  /**
   * Where the visitor goes: a path of the application's own.
   * @default the `return_to` of the link, or else the same URL without the credential
   */
  readonly redirectTo?: string | undefined
  /**
   * Which cookies the session has. `lax` responds with a redirect; `strict` with a page that goes on
   * by itself, because a redirect after a link on another site loses `SameSite=Strict` cookies;
   * `frame` is for iframes, whose cookies need `SameSite=None; Secure; Partitioned`.
   * @default 'lax'
   */
  readonly session?: 'lax' | 'strict' | 'frame' | undefined
  /** The attributes of the session's cookie, to be checked against `session` at construction. */
  readonly cookie?: Readonly<Record<string, unknown>> | undefined
  /**
   * Makes the page that asks the visitor to go on, for one-time links: GET never uses one up.
   * @param action the URL that its form posts to, escaped for an HTML attribute
   * @default a small page with a button
   */
  readonly confirmPage?: ((action: string) => string) | undefined
}

/** The options of an exchange, and those of the guard behind it. */
export interface ExchangeOptions<User extends PortalUser = PortalUser, Native = unknown>
  extends
    OwnOptions<User, Native>,
    Omit<GuardOptions<User, Native>, 'mode' | 'stripCredential' | 'consume'> {}

export type ExchangeSettings = Settings<
  OwnOptions<PortalUser, object>,
  'current' | 'redirectTo' | 'cookie' | 'confirmPage'
>

export const exchangeOptions: OptionTable<ExchangeSettings> = {
  establish: requiredCallback('a function that makes your own session'),
  current: callback(),
  redirectTo: localPathOption,
  session: choice(['lax', 'strict', 'frame'], 'lax'),
  cookie: {
    wanted: 'the attributes of your session cookie: { sameSite, secure, partitioned }',
    fallback: undefined,
    read: (value) => (typeof value === 'object' && value ? { ...value } : undefined),
  },
  confirmPage: callback(),
}

/** @throws ConfigError for a cookie that browsers would lose */
export function assertCookie(
  owner: string,
  { session, cookie }: Pick<ExchangeSettings, 'session' | 'cookie'>,
): void {
  if (!cookie) return
  const { sameSite: given, secure, partitioned } = cookie
  const sameSite = given === true ? 'strict' : String(given).toLowerCase()
  const needsSecure = (sameSite === 'none' || partitioned === true) && !secure
  const isForFrames = sameSite === 'none' && Boolean(secure) && partitioned === true
  const fix =
    session === 'frame' && !isForFrames
      ? "Give the cookie `sameSite: 'none'`, `secure: true` and `partitioned: true`"
      : (needsSecure && 'Give the cookie `secure: true`') ||
        (session === 'lax' && sameSite === 'strict' && "Set `session: 'strict'`")
  if (!fix) return
  const problem = `Browsers would lose the session cookie of ${owner} with \`session: '${session}'\``
  throw new ConfigError('option_invalid', { problem, fix })
}
