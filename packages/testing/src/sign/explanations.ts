import { byCode, mentionsRejection, noRoute, swallowed, type Facts } from '../cases/explain'
import type { Fault } from '../cases/finding'
import { isMissing } from '../cases/response'

const REFUSED: Readonly<Record<string, string>> = {
  unauthenticated:
    'the endpoint did not recognise the signed-in user: the session middleware runs too late, or `asUser` does not send a valid session → mount the session before the endpoint, and let `asUser` send what the user’s browser sends; for fdback the user needs an e-mail address',
  csrf_rejected:
    'a call of the app’s own page is taken for one of another site: something before the endpoint changes `Host`, `Origin` or `Sec-Fetch-Site` → keep those headers; if the frontend has an origin of its own, name it in `allowedOrigins`',
  user_invalid:
    'the user that `user` returns cannot be signed: its id, e-mail address or name is not what the portal accepts → see `onRejected` for the detail, which names the property and the rule',
  user_unavailable: '`user` failed or took too long → see the app’s log for its error',
  method_not_allowed:
    'the endpoint does not answer this method: a signed request is made with POST only → pass the `method` that the frontend uses',
}

const isOk = ({ status }: Facts['response']): boolean => status >= 200 && status < 400

/** Why a signed-in user is not signed. */
export function whyNotSigned(facts: Facts): string | undefined {
  const { response } = facts
  const { status, code } = response
  const known = byCode(code, REFUSED)
  if (known !== undefined) return known
  if (isMissing(response)) return noRoute(facts)
  if (status === 401)
    return 'something before the endpoint asks for a login that `asUser` does not send → let `asUser` send what the browser of a signed-in user sends'
  if (status >= 500 && code === null)
    return 'the endpoint, or what runs before it, fails for a signed-in user → see the app’s log for the error'
  if (isOk(response))
    return `the endpoint answers ${status}, which is not the answer of signEndpoint → mount signEndpoint(portal, …) as it is; with \`respond: "redirect"\`, pass that to the cases`
  return undefined
}

/** Why the endpoint signs where it must not. @param isSigned whether the answer has a credential in it */
export function whySigned(facts: Facts, isSigned: boolean): string | undefined {
  const { response, controls } = facts
  const { status, due, code } = response
  if (isOk(response)) return whyAnswered(facts, isSigned)
  if (isMissing(response) && isMissing(controls.valid)) return noRoute(facts)
  if (status === due.status && code === null)
    return 'the status is right and the code is missing: something before the endpoint has refused, or an error handler has rewritten the answer → leave the endpoint’s answers as they are, or pass `codes: false` if the app has a format of its own'
  return undefined
}

function whyAnswered({ response, controls }: Facts, isSigned: boolean): string | undefined {
  const { status, due } = response
  if (mentionsRejection(response)) return swallowed(response)
  if (status < 300 && !isSigned)
    return `the endpoint answers ${status} and signs nothing: a client takes it for success → answer a signed-out visitor with 401, as signEndpoint(portal, …) does`
  if (due.code === 'csrf_rejected')
    return 'a page of another site can have its visitors signed, with their cookies: nothing checks `Sec-Fetch-Site` and `Origin` → mount signEndpoint(portal, …) as it is, behind proxies that keep both headers; name trusted origins in `allowedOrigins`'
  return isOk(controls.first)
    ? 'the endpoint signs every visitor: `user` returns a user where none is signed in, or reads who it is from the request → let `user` read the app’s own session and nothing else, and return null where no user is signed in'
    : 'a signed-out visitor gets the credential of the user before: an answer is cached, or the user is kept between requests → cache nothing that this endpoint answers, and read the user from the session of each request'
}

export function notAReply(what: string): Fault {
  return {
    received: what,
    tells:
      'a frontend finds no signed link or request in the answer → answer exactly as signEndpoint(portal, …) does; with `respond: "redirect"`, pass that to the cases',
  }
}

const SECRETS = 'make both portals with the same secret, `mode` and ids'
const CLOCKS = 'sign with the time of now, and pass the endpoint’s `now` to the cases'

const BY_CODE: Readonly<Record<string, string>> = {
  signature_invalid: `the endpoint signs with another secret than the portal has → ${SECRETS}`,
  token_malformed: `the endpoint writes its credentials in another form than the portal reads: another scheme or mode, or a mistake of a signer of its own → ${SECRETS}`,
  algorithm_not_allowed: `the endpoint signs with another algorithm than HS256 → ${SECRETS}`,
  audience_mismatch: `the endpoint signs for another project or workspace → ${SECRETS}`,
  token_expired: `what the endpoint signs has already expired: its clock is behind, counts in seconds, or does not advance → ${CLOCKS}`,
  token_not_yet_valid: `what the endpoint signs is not valid yet: its clock is ahead → ${CLOCKS}`,
  lifetime_exceeded:
    'the endpoint signs for longer than the portal allows → leave out `expiresIn`, or lower it',
  claims_invalid:
    'a claim that the endpoint signs is missing, unknown to the scheme or of the wrong type: a time in milliseconds instead of seconds, or the reverse, an extra member, an invalid id or e-mail address → sign with signEndpoint(portal, …) or createSigner(portal), which write the scheme’s claims',
  credential_missing:
    'the portal finds no credential in what the endpoint answers → leave `url`, `headers` and `body` as signEndpoint(portal, …) makes them',
}

export function refusedByPortal(code: string): Fault {
  const tells = BY_CODE[code] ?? `the portal refuses what the endpoint signs → ${SECRETS}`
  return { received: `a credential that the portal refuses with "${code}"`, tells }
}
