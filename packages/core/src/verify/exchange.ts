import { createHash } from 'node:crypto'
import { ConfigError } from '../config-error'
import { isLocalPath, returnAddress } from '../local-path'
import { readOptions } from '../options'
import { confirmation, leave } from '../response'
import type { Portal, UserOf } from '../portal'
import { stripParameters } from '../redact-url'
import { isRejection, Rejection } from '../rejection'
import { isPrefetch } from '../replay/one-time'
import type { RequestView, ResponseData } from '../request'
import { rawQuery, readParameter } from '../wire/parameters'
import {
  assertCookie,
  exchangeOptions,
  type ExchangeOptions,
  type ExchangeSettings,
} from './exchange-options'
import { guardFor, guardOptions, type Guard, type Refusal } from './guard'
import { portalList } from './choose'
import type { Verified } from './verification'

/** Answers requests with a credential. Returns `undefined` for all others, which belong to the application. */
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
  const portals = portalList<Portal>(portal)
  const { mode: _, stripCredential: __, consume: ___, ...open } = guardOptions(portals)
  const settings = readOptions(owner, { ...exchangeOptions, ...open }, options)
  assertCookie(owner, settings)
  const { replayStore } = settings
  const lease = replayStore && !replayStore.leases ? undefined : LEASE
  const own = {
    mode: 'optional',
    stripCredential: false,
    consume: { methods: ['POST'], lease },
  } as const
  const guard = guardFor(portals, { ...settings, ...own }, owner)
  const schemes = portals.map(({ scheme }) => scheme)
  const parts: Parts = {
    guard,
    settings,
    parameters: schemes.flatMap(({ carrier }) => carrier.parameters),
    oneTime: schemes
      .filter(({ singleUse }) => singleUse && (singleUse.when === 'always' || replayStore))
      .map(({ name }) => name),
  }

  return async (request) => {
    if (!METHODS.includes(request.method)) return undefined
    const result = await exchanged(parts, request).catch((error: unknown) => {
      if (!isRejection(error) && !(error instanceof ConfigError)) throw error
      return guard.refuse(error, request)
    })
    if (!result || 'status' in result) return result
    if (guard.forwards) throw result.error
    return result.response
  }
}

/** GET and HEAD only ask; POST uses a one-time link up, if the session can be made. */
const METHODS = ['GET', 'HEAD', 'POST']
const LOCAL = 'a path of this application, such as "/board"'
/** How long a crashed `establish` keeps a one-time link from being used again, in milliseconds. */
const LEASE = 60_000

interface Parts {
  readonly guard: Guard
  readonly settings: ExchangeSettings
  /** Query parameters that contain a credential. */
  readonly parameters: readonly string[]
  /** The names of the schemes whose links can be used once. */
  readonly oneTime: readonly string[]
}

async function exchanged(
  parts: Parts,
  request: RequestView<object>,
): Promise<ResponseData | Refusal | undefined> {
  const decision = await parts.guard.decide(request)
  if (!decision.pass) {
    const { code } = decision.error
    const isOver = code === 'token_expired' || code === 'token_replayed'
    const goesOn = isOver && (await visitorOf(parts, request)).isBack
    return goesOn ? onward(parts, request) : decision
  }
  const { verified, reservation } = decision
  if (!verified) return undefined
  try {
    const response = await enter(parts, request, verified)
    await reservation?.settle(response.status)
    return response
  } catch (error) {
    await reservation?.settle(500)
    throw error
  }
}

async function enter(
  parts: Parts,
  request: RequestView<object>,
  { user, auth: portalAuth, reservation }: Verified,
): Promise<ResponseData> {
  const { settings, oneTime } = parts
  const elsewhere = onward(parts, request) // before anything is done
  if (request.method !== 'POST' && oneTime.includes(user.scheme)) {
    return confirmation(actionOf(request), settings.confirmPage)
  }
  const { session, link, isBack } = await visitorOf(parts, request)
  if (request.method === 'HEAD' || (isBack && !reservation)) return elsewhere
  if (isPrefetch(request)) throw new Rejection('prefetch_refused')
  const { tenant = portalAuth.tenant } = session ?? {}
  const isSame = user.id !== null && session?.id === user.id && tenant === portalAuth.tenant
  const context = { portalAuth, previous: isSame ? null : session, link }
  const made = await settings.establish(user, request.native, context)
  return made ? onward(parts, request, cookiesOf(made)) : elsewhere
}

/** @throws ConfigError for anything but a list of texts */
function cookiesOf({ cookies = [] }: { readonly cookies?: unknown }): readonly string[] {
  if (Array.isArray(cookies) && cookies.every((each) => typeof each === 'string')) return cookies
  throw new ConfigError('option_invalid', {
    problem: '`establish` returned `cookies` that are not a list of texts',
    fix: 'Return { cookies: [text] } with `Set-Cookie` values, or nothing',
  })
}

/** The same URL again, on this origin also where the path begins with `//host`. */
function actionOf({ target }: RequestView): string {
  return isLocalPath(target) ? target : `?${rawQuery(target)}`
}

async function visitorOf({ settings, parameters }: Parts, { target, native }: RequestView<object>) {
  const session = (await settings.current?.(native)) ?? null
  const link = linkOf(target, parameters)
  return { session, link, isBack: link !== undefined && session?.link === link } // made of this very link
}

/** Identifies a link by a hash of its credential, which says nothing about the credential. */
function linkOf(target: string, parameters: readonly string[]): string | undefined {
  const values = parameters.map((name) => readParameter(rawQuery(target), name) ?? '')
  const text = values.join(' ').trim()
  return text ? createHash('sha256').update(text).digest('base64url').slice(0, 22) : undefined
}

/** @throws Rejection `return_to_invalid` for an address that is not a path of this origin */
function onward(
  { settings: { session, redirectTo }, parameters }: Parts,
  { target }: RequestView<object>,
  cookies?: readonly string[],
): ResponseData {
  const asked = redirectTo ?? returnAddress(target, 'return_to', LOCAL, isLocalPath)
  const clean = stripParameters(target, parameters)
  return leave(session, asked ?? (isLocalPath(clean) ? clean : '/'), cookies)
}
