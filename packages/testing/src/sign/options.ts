import type { Awaitable } from '@countersign/core'
import { headerList, type AppCaseOptions, type HeadersGiven } from '../cases/options'
import type { WireHeader, WireRequest } from '../minting/request'
import { mistake } from '../mistake'

/** The user of a session, as far as it is known. */
export interface Person {
  readonly id?: string | number | bigint | null | undefined
  readonly email?: string | null | undefined
  readonly name?: string | null | undefined
}

/**
 * Makes a request that of a signed-in user: headers such as `{ cookie: 'session=…' }`, or a function
 * that returns headers, or the request with headers added. It may be async.
 */
export type Session =
  HeadersGiven | ((request: WireRequest) => Awaitable<HeadersGiven | Partial<RequestGiven>>)

/** A request as the caller's function returns it. */
type RequestGiven = Omit<WireRequest, 'headers'> & { readonly headers: HeadersGiven }

/** The options of `describeSignEndpoint` and `signEndpointCases`. */
export interface SignEndpointCaseOptions extends AppCaseOptions {
  /** Makes a request that of a signed-in user. */
  readonly asUser: Session
  /** Makes a request that of another signed-in user. @default not tried */
  readonly asOther?: Session | undefined
  /** The user of `asUser`. @default the user that the first credential names */
  readonly user?: Person | undefined
  /** As `signEndpoint` was given it. @default 'json' */
  readonly respond?: 'json' | 'redirect' | undefined
  /** As `signEndpoint` was given it. @default none */
  readonly signedOut?: string | undefined
  /** As `signEndpoint` was given it. @default none */
  readonly allowedOrigins?: readonly string[] | undefined
  /** The portal's secrets, which no answer may contain. A portal keeps its own to itself. */
  readonly secret?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined
}

/** All names above, and the other options of an endpoint, which have no meaning here. */
export const SIGN_OPTIONS =
  'asOther user method respond signedOut allowedOrigins headers secret tenant codes ' +
  'acceptRefusal now deadline embed expiresIn allowShortSecret onRejected'

export const SESSION = {
  wanted: "headers such as { cookie: 'session=…' }, or a function that returns them",
  read: (given: unknown): unknown => given,
}

/** @throws ConfigError for a session that adds nothing, or fails */
export async function withSession(
  ask: WireRequest,
  options: SignEndpointCaseOptions,
  name: 'asUser' | 'asOther',
): Promise<WireRequest> {
  const given = await givenBy(options[name], ask).catch((error: unknown) => {
    throw mistake(`The option "${name}" fails: ${String(error)}`, `Set it to ${SESSION.wanted}`)
  })
  if (!isRequest(given)) return { ...ask, headers: [...ask.headers, ...headerList(given)] }
  const headers = headerList(given.headers)
  const kept = headers.map(String)
  const lost = ask.headers.filter((header) => !kept.includes(String(header)))
  return { ...ask, ...given, headers: [...lost, ...headers] }
}

async function givenBy(session: Session | undefined, ask: WireRequest) {
  // the function may change what it is given
  const own = { ...ask, headers: ask.headers.map(([name, value]): WireHeader => [name, value]) }
  const given = typeof session === 'function' ? await session(own) : session
  if (typeof given === 'object' && given !== null) return given
  throw new TypeError('it gives neither headers nor a request')
}

function isRequest(given: HeadersGiven | Partial<RequestGiven>): given is Partial<RequestGiven> {
  return !(Symbol.iterator in given) && typeof given.headers === 'object'
}
