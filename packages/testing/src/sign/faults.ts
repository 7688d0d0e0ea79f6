import type { Portal, Verified } from '@countersign/core'
import { wayIn, type Fault } from '../cases/finding'
import { leaks } from '../cases/leaks'
import { allText, succeeded, type CaseResponse } from '../cases/response'
import { TEST_SECRET } from '../test-secret'
import type { SignEndpointCaseOptions } from './options'

/** A sign endpoint, as far as its cases know it. */
export interface Endpoint {
  readonly portal: Portal
  readonly options: SignEndpointCaseOptions
  readonly method: string
}

/** What an answer signs, as the portal reads it. */
export interface Signed extends Pick<Verified, 'user' | 'auth'> {
  readonly url: string
  /** Milliseconds since the epoch; `null` where a redirect does not tell it. */
  readonly expiresAt: number | null
  /** Of the answer. */
  readonly status: number
}

export const FOREIGN = 'https://evil.example'
/** The user that requests name. */
export const VICTIM = 'countersign-victim'

const NOT_THEM: Fault = wayIn(
  'a credential for another user than `user`, or than before',
  'the endpoint signs another user than the signed-in one: or `user` is not the user of `asUser` → let `user` of the endpoint read the app’s own session and nothing else',
)

const FIRST_USER: Fault = wayIn(
  'a credential for the first user',
  'another signed-in user gets the first one’s credential: an answer is cached, the user is kept between requests, or `asOther` is the same user → cache nothing that this endpoint answers, and read the user from the session of each request',
)

const REPEATED: Fault = {
  received: 'the same nonce twice',
  tells:
    'a second one-time link counts as used when it is opened: the answer was cached, or the app chose the nonce → let the signer choose the nonce, and keep the answer out of caches',
}

/** What is wrong with what is signed, by itself. */
export function wrongWith(signed: Signed, endpoint: Endpoint): Fault | undefined {
  const fault = misdirected(signed, endpoint) ?? endless(signed, endpoint)
  return fault ?? (isThem(signed, endpoint) ? undefined : NOT_THEM)
}

/** What a later request has changed but the nonce. @param fault what another user means */
export function changedBy(
  { by, fault = NOT_THEM }: { readonly by: string; readonly fault?: Fault },
  first: Signed,
  later: Signed,
  endpoint: Endpoint,
): Fault | undefined {
  const isSame = faceOf(first) === faceOf(later)
  if (by === 'other') return isSame ? FIRST_USER : undefined
  const { nonce } = later.auth
  if (!isSame || nonce === VICTIM) return fault
  const isChosenByPortal = endpoint.portal.scheme.arrival?.signed !== undefined
  if (nonce !== null && nonce === first.auth.nonce && !isChosenByPortal) return REPEATED
  return wrongWith(first, endpoint) ? undefined : wrongWith(later, endpoint)
}

function faceOf({ user: { id, email, name }, auth }: Signed): string {
  return JSON.stringify([id, email, name, auth.tenant])
}

/** Another site could use a credential that is sent to it. */
function misdirected({ url }: Signed, { portal }: Endpoint): Fault | undefined {
  const { scheme, ids, baseUrl } = portal
  if (scheme.carrier.output === 'page') return undefined // the portal's own script knows its address
  const { origin, pathname } = new URL(url)
  // ids that the portal was made without may be any
  const known = Object.fromEntries(scheme.address.ids.map((id) => [id, ids[id] ?? `{${id}}`]))
  const page = (baseUrl + scheme.address.path(known)).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const pattern = RegExp(`^${page.replace(/\\\{\w+\\\}/g, '[^/]+')}/?$`)
  if (pattern.test(origin + pathname)) return undefined
  return wayIn(
    `a credential sent to ${origin}${pathname}`,
    'the credential is sent to an address that is not the portal’s: anyone who owns that address can use it → take the address from the portal alone, never from the request; if the app’s portal has a `baseUrl` or ids, give the portal of the cases the same',
  )
}

/** How far an end may lie beyond the longest lifetime, in milliseconds: clocks differ. */
const SLACK = 60_000

function endless({ auth, expiresAt }: Signed, { portal, options }: Endpoint): Fault | undefined {
  const { claims, limits } = portal.scheme
  const isKeptByPortal = claims.issuedAt === undefined && claims.expiresAt === undefined
  if (isKeptByPortal && expiresAt === null) return undefined
  const signed = auth.expiresAt?.getTime() ?? null
  const left = (expiresAt ?? signed ?? Infinity) - (options.now ?? Date.now)()
  const isTold = signed === null || expiresAt === null || Math.abs(signed - expiresAt) < 1_000
  if (left > 0 && left <= limits.maxLifetime * 1_000 + SLACK && isTold) return undefined
  const ends =
    left === Infinity ? 'no end' : `an end ${(left / 86_400_000).toFixed(1)} days from now`
  return {
    received: `${ends}${isTold ? '' : ', and another end in the credential'}`,
    tells:
      'a credential lives longer than it should, or `expiresAt` tells the frontend another end than the credential has → set `expiresIn` in the app, never from a request, and leave `expiresAt` as signEndpoint(portal, …) sets it',
  }
}

/** What is known of the user is signed, or left out. */
function isThem({ user }: Signed, { options: { user: known = {} } }: Endpoint): boolean {
  const id = user.id === user.email ? user.id : known.id // a scheme without ids
  const wanted = { ...known, id }
  return (['id', 'email', 'name'] as const).every(
    (name) => user[name] === null || user[name] === String(wanted[name] ?? user[name]),
  )
}

/** True for an answer that has a credential in it, whatever else is wrong. */
export function isSigned({ text, headers }: CaseResponse): boolean {
  const { location = '' } = headers
  const told = `${location.startsWith('/') ? '' : location}\n${text}` // a path is the app's own
  return /[\w+/=%-]{20,}\.[\w+/=%-]{20,}|[0-9a-f]{64}/.test(told)
}

export function reflected({ headers }: CaseResponse): Fault | false {
  const origin = headers['access-control-allow-origin']
  const withCookies = headers['access-control-allow-credentials'] === 'true'
  return (
    (origin === FOREIGN || (origin === '*' && withCookies)) &&
    wayIn(
      `access-control-allow-origin: ${origin}${withCookies ? ', with credentials' : ''}`,
      'CORS repeats any origin: every site can read a signed link of its visitors → name the origins in signEndpoint’s `allowedOrigins`, and use no CORS middleware that repeats them on this route',
    )
  )
}

/** For the call of a page of an allowed origin, and for the preflight before it, which signs nothing. */
export function unreadable(
  { headers, status }: CaseResponse,
  signed: Signed | undefined,
  { options: { allowedOrigins: [allowed] = [] } }: Endpoint,
): Fault | false {
  const { vary = 'none', 'access-control-allow-origin': origin = 'none' } = headers
  const isSent = signed ? /\borigin\b/i.test(vary) : status < 300
  return (
    (origin !== allowed || !isSent) && {
      received: `${status}, access-control-allow-origin: ${origin}; vary: ${vary}`,
      tells: signed
        ? 'the browser keeps the answer from the page that may read it, or gives the answer for one page to another → keep the endpoint’s own CORS headers: no other CORS middleware on this route'
        : 'the preflight of an allowed origin is not answered: its browser asks with OPTIONS first and does not send the call → mount the endpoint with app.all, or with app.options too',
    }
  )
}

export function signedAnyway(response: CaseResponse): Fault | false {
  if (succeeded(response) && isSigned(response)) {
    return wayIn(
      `a credential, for ${response.method}`,
      'the endpoint signs for a method that it was not made for: protections for POST do not cover it → mount signEndpoint(portal, …) as it is, without overriding methods: it refuses other methods with 405',
    )
  }
  return (
    response.status === 405 &&
    !response.headers['allow'] && {
      received: 'a 405 without `Allow`',
      severity: 'strictness',
      tells:
        'a client cannot know which method to use (RFC 9110 section 15.5.6) → keep the header `allow` as the endpoint sets it',
    }
  )
}

export function leaking(response: CaseResponse, _: unknown, { options }: Endpoint): Fault | false {
  const secrets = [options.secret ?? []].flat() as readonly (string | Uint8Array)[] // one or several
  const isTold = secrets.some((each) => {
    const bytes = Buffer.from(each as string) // or bytes
    // a path such as node_modules/countersign-… is no secret
    const isForTests = bytes.toString('latin1').startsWith(TEST_SECRET)
    return leaks(allText(response), isForTests ? bytes.subarray(TEST_SECRET.length) : bytes)
  })
  return (
    isTold &&
    wayIn(
      'an answer with the secret in it',
      'the secret is public: anyone who has it can sign any user → replace the secret, and put it into no answer, page or bundle',
    )
  )
}
