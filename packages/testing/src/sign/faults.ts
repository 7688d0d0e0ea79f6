import type { Fault } from '../cases/finding'
import type { Endpoint, Signed } from './reply'

/** The user that requests name. */
export const VICTIM = 'countersign-victim'

const NOT_THEM: Fault = {
  received: 'a credential for another user than `user`, or than before',
  severity: 'a way in',
  tells:
    'the endpoint signs another user than the signed-in one: or `user` is not the user of `asUser` → let `user` of the endpoint read the app’s own session and nothing else',
}

/** What is wrong with what is signed, by itself. */
export function wrongWith(signed: Signed, endpoint: Endpoint): Fault | undefined {
  const fault = misdirected(signed, endpoint) ?? endless(signed, endpoint)
  return fault ?? (isThem(signed, endpoint) ? undefined : NOT_THEM)
}

/**
 * What a later request of a case has changed, which may change nothing but the nonce. What is wrong
 * with the first one is not told again.
 * @param fault what another user means
 */
export function changed(
  first: Signed,
  later: Signed,
  { by, fault = NOT_THEM }: { readonly by: string; readonly fault?: Fault },
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
  return {
    received: `a credential sent to ${origin}${pathname}`,
    severity: 'a way in',
    tells:
      'the credential is sent to an address that is not the portal’s: anyone who owns that address can use it → take the address from the portal alone, never from the request; if the app’s portal has a `baseUrl` or ids, give the portal of the cases the same',
  }
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
  return {
    received: `an end ${Math.round(left / 1000)} s from now`,
    tells:
      'a credential lives longer than it should, or `expiresAt` tells the frontend another end than the credential has → set `expiresIn` in the app, never from a request, and leave `expiresAt` as signEndpoint(portal, …) sets it',
  }
}

/** What is known of the user is signed, or left out. */
function isThem({ user }: Signed, { options: { user: known = {} } }: Endpoint): boolean {
  const id = user.id === user.email ? user.id : known.id // a scheme without ids
  const pairs = [
    [user.id, id],
    [user.email, known.email],
    [user.name, known.name],
  ] as const
  return pairs.every(([signed, text]) => signed === null || signed === String(text ?? signed))
}

const FIRST_USER: Fault = {
  received: 'a credential for the first user',
  severity: 'a way in',
  tells:
    'another signed-in user gets the first one’s credential: an answer is cached, the user is kept between requests, or `asOther` is the same user → cache nothing that this endpoint answers, and read the user from the session of each request',
}

const REPEATED: Fault = {
  received: 'the same nonce twice',
  tells:
    'a second one-time link counts as used when it is opened: the answer was cached, or the app chose the nonce → let the signer choose the nonce, and keep the answer out of caches',
}
