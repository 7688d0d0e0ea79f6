import { createHash } from 'node:crypto'
import type { Awaitable } from '../awaitable'
import { isLocalPath, localPathOption } from '../local-path'
import { callback, choice, invalidOption, readOptions, type OptionTable } from '../options'
import type { Portal, UserOf } from '../portal'
import { problemResponse } from '../problem'
import { stripParameters } from '../redact-url'
import { Rejection } from '../rejection'
import type { ReplayStore } from '../replay/store'
import type { RequestView, ResponseData } from '../request'
import type { PortalUser } from '../wire/claims'
import { rawQuery, readParameter } from '../wire/parameters'
import { confirmation, leave } from './exchange-pages'
import { createGuard, type GuardOptions } from './guard'
import type { VerifierOptions } from './settings'
import type { PortalAuth, VerificationError, Verified } from './verification'

export type SessionKind = 'lax' | 'strict' | 'frame'

/** What the visitor's session contains already. */
export interface CurrentSession {
  /** The `portalUser.id` of the user that the session belongs to. */
  readonly id: string | null
  /** The `link` that `establish` received for that session. */
  readonly link?: string | undefined
}

/** What is known beside the user. */
export interface Establishing {
  readonly portalAuth: PortalAuth
  /** The session that the visitor had as another user; `null` for none. */
  readonly previous: CurrentSession | null
  /** Identifies the link. Keep it in the session, and return it from `current`. */
  readonly link: string | undefined
}

type OwnDecisions = 'mode' | 'rejections' | 'stripCredential' | 'consume'

export interface ExchangeOptions<User extends PortalUser, Native> extends Omit<
  GuardOptions<User, Native>,
  OwnDecisions
> {
  /**
   * Makes the application's own session for the user. Give the session a new id, so that an id that
   * was known before is worth nothing. Cookies to set may be returned where the framework sets none.
   */
  readonly establish: (
    user: User,
    request: Native,
    context: Establishing,
  ) => Awaitable<{ readonly cookies: readonly string[] } | void>
  /**
   * Where the visitor goes: a path of the application's own.
   * @default the `return_to` of the link, or else the same URL without the credential
   */
  readonly redirectTo?: string | undefined
  /**
   * Which cookies the session has. `lax` answers with a redirect; `strict` with a page that moves on,
   * because a redirect after a link on another site loses `SameSite=Strict` cookies; `frame` is for
   * iframes, whose cookies need `SameSite=None; Secure; Partitioned`.
   * @default 'lax'
   */
  readonly session?: SessionKind | undefined
  /** The visitor's session, if there is one: tells a change of users, and lets an opened link be opened again. */
  readonly current?: ((request: Native) => Awaitable<CurrentSession | null | undefined>) | undefined
  /**
   * The page that asks the visitor to go on, for one-time links: GET never uses one up.
   * @param action the URL that its form posts to, escaped for an HTML attribute
   * @default a small page with a button
   */
  readonly confirmPage?: ((action: string) => string) | undefined
}

/** @returns `undefined` for a request without a credential, which belongs to the application */
export type Exchange<Native> = (request: RequestView<Native>) => Promise<ResponseData | undefined>

/**
 * Exchanges a signed link for a session of the application's own, and gets the credential out of the
 * address bar, history, logs and `Referer` headers.
 * @param owner the function whose options these are, for errors
 * @throws ConfigError `misconfigured` for options that cannot work
 */
export function createExchange<P extends Portal, Native extends object>(
  portal: P | readonly P[],
  options: ExchangeOptions<UserOf<P>, Native>,
  owner = 'createExchange()',
): Exchange<Native> {
  const { establish, redirectTo, session, current, confirmPage, ...others } = options ?? {}
  if (typeof establish !== 'function') throw invalidOption(owner, 'establish', 'a function')
  const settings = readOptions(owner, OPTIONS, { redirectTo, session, confirmPage })
  const portals = [portal].flat() as readonly Portal[]
  const parameters = portals.flatMap(({ scheme }) => scheme.carrier.parameters)
  const guarded = { ...others, mode: 'optional', consume: consumption(others.replayStore) } as const
  const guard = createGuard<P, Native>(portal, guarded, owner)

  async function enter(verified: Verified<UserOf<P>>, native: Native, visitor: Visitor) {
    const { user, auth: portalAuth } = verified
    const { session: before, link } = visitor
    const previous = before && before.id !== user.id ? before : null
    return establish(user, native, { portalAuth, previous, link })
  }

  return async (request) => {
    const decision = await guard.decide(request)
    if (decision.pass && !decision.verified) return undefined
    const target = redirectTo ?? landing(request, parameters)
    if (target === undefined) return problemResponse(new Rejection('return_to_invalid'))
    const visitor = {
      session: (await current?.(request.native)) ?? null,
      link: linkOf(request, parameters),
    }
    if (!decision.pass) {
      return isOpenedAgain(decision.error, visitor)
        ? leave(settings.session, target)
        : decision.response
    }
    const { verified, reservation } = decision
    if (!verified) return undefined
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    if (isRead && isOneTime(portals, verified, others.replayStore)) {
      return confirmation(request.target, settings.confirmPage)
    }
    if (request.method === 'HEAD') return leave(settings.session, target)
    try {
      const made = await enter(verified, request.native, visitor)
      await reservation?.settle(303)
      return leave(settings.session, target, made?.cookies)
    } catch (error) {
      await reservation?.settle(500)
      throw error
    }
  }
}

interface Visitor {
  readonly session: CurrentSession | null
  readonly link: string | undefined
}

const OPTIONS: OptionTable<{
  readonly redirectTo: string | undefined
  readonly session: SessionKind
  readonly confirmPage: ((action: string) => string) | undefined
}> = {
  redirectTo: localPathOption,
  session: choice<SessionKind>(['lax', 'strict', 'frame'], 'lax'),
  confirmPage: callback(),
}

/** How long a crashed `establish` keeps a one-time link from being used again, in seconds. */
const LEASE = 60

/** GET and HEAD only ask; POST uses a one-time link up, if the session can be made. */
function consumption(store: ReplayStore | undefined): VerifierOptions['consume'] {
  return store && !store.leases ? ['POST'] : { lease: LEASE, methods: ['POST'] }
}

function isOneTime(
  portals: readonly Portal[],
  { user }: Verified,
  store: ReplayStore | undefined,
): boolean {
  const when = portals.find(({ scheme }) => scheme.name === user.scheme)?.scheme.singleUse?.when
  return when === 'always' || (when === 'with-store' && store !== undefined)
}

/** A link that has ended since this very session was made of it. */
function isOpenedAgain({ code }: VerificationError, { session, link }: Visitor): boolean {
  const isOver = code === 'token_expired' || code === 'token_replayed'
  return isOver && link !== undefined && session?.link === link
}

/** @returns `undefined` for a `return_to` that is not a path of this origin */
function landing({ target }: RequestView, parameters: readonly string[]): string | undefined {
  const asked = readParameter(rawQuery(target), RETURN_TO)
  if (asked !== undefined) return isLocalPath(asked) ? asked : undefined
  const clean = stripParameters(target, parameters)
  return isLocalPath(clean) ? clean : '/'
}

const RETURN_TO = 'return_to'

/** Identifies a link by a hash of its credential, which says nothing about the credential. */
function linkOf({ target }: RequestView, parameters: readonly string[]): string | undefined {
  const values = parameters
    .map((name) => valueOf(target, name))
    .join(' ')
    .trim()
  if (values === '') return undefined
  return createHash('sha256').update(values).digest('base64url').slice(0, 22)
}

function valueOf(target: string, name: string): string {
  try {
    return readParameter(rawQuery(target), name) ?? ''
  } catch {
    return '' // refused anyway
  }
}
