import { byCode, mentionsRejection, noRoute, swallowed, type Facts } from '../cases/explain'
import { isMissing, succeeded } from '../cases/response'

/** What a refusal of a valid credential means, by its code. */
const REFUSED: Readonly<Record<string, string>> = {
  invalid_token:
    'the app and the portal given to the cases do not share a secret; or they differ in scheme or mode → make both from one configuration: the same secret, `mode` and workspace',
  audience_mismatch:
    'the app’s portal has another id than the portal given to the cases: another project key or workspace → give both the same id, such as `projectKey`; if the app has a `tenant` callback, pass `tenant`',
  token_expired:
    'the app’s clock is ahead of the clock of the cases: by hours, or by a factor of a thousand → pass the same `now`, in milliseconds, to the guard and to the cases',
  token_not_yet_valid:
    'the app’s clock is behind the clock of the cases → pass the same `now`, in milliseconds, to the guard and to the cases',
  lifetime_exceeded:
    'the guard’s `maxLifetime` is shorter than the lifetime of the cases’ credentials → pass that lifetime as `expiresIn`, in seconds',
  credential_missing:
    'the credential does not reach the guard: something before it removes the query or the headers → let proxies and rewrites keep the URL and the headers as they were sent',
  invalid_request:
    'the credential reaches the guard twice: something before it copies a parameter or a header → let one of them through',
  token_replayed:
    'an unused credential counts as used: something else uses it up, or it is used twice on its way → check what else consumes on this route; a store’s `has` must not write',
  nonce_in_progress:
    'a credential that no one uses is leased → let every response settle its lease: check that handlers end their responses',
  claims_invalid:
    'the guard refuses a claim that the cases sign: its scheme has other rules → make both portals with the same scheme, and pass a `user` that suits it',
  body_too_large: 'the body is larger than a signed body may be → pass a smaller `user`',
  unsupported_encoding:
    'something before the guard compresses the body, or says that it does → let signed bodies through as they are',
}

/** Why a valid credential is not let in. */
export function whyRefused(facts: Facts): string | undefined {
  const { response, controls } = facts
  const { status, code, headers } = response
  const known = eaten(facts) ?? byCode(code, REFUSED)
  if (known !== undefined) return known
  if (isMissing(response)) return noRoute(facts)
  if (status >= 300 && status < 400)
    return `the app redirects to another spelling of this path, or to a login: ${headers['location']?.split('?', 1)[0]} → name the route exactly as clients call it; let signed users past a login`
  if (status === 401 && code === null)
    return 'something before the guard asks for another login, or an error handler has rewritten the guard’s answer → let signed users past it, or send what it asks for through `headers`'
  if (status === 400 || status === 422)
    return 'the guard let the request pass, and the handler expects another body or query → pass what it expects as `body`, or in the route'
  if (status >= 500 && code === null && controls.anonymous.status >= 500)
    return 'the app fails with and without a credential: no guard runs before a handler that needs the user, or something before the guard fails → mount requireSignedUser(portal) on the route, before its handler; the app’s log has the error'
  if (status >= 500 && code === null)
    return 'what follows the guard fails for a signed user: it looks for the user in the wrong place (ctx.state replaced, req overwritten), or has a mistake of its own → read the user from getPortalUser(), and do not replace ctx.state; the app’s log has the error'
  return undefined
}

/** Where the exact body has to reach the guard. */
function eaten({ response: { code, sent } }: Facts): string | undefined {
  if (code !== 'server_error' || !sent.includes('a body of')) return undefined
  return 'a body parser, such as express.json(), ran before the guard and kept no bytes: or the guard’s options cannot work, which the app’s log says → mount the guard before the parser, or let the parser keep the bytes: express.json({ verify: keepRawBody })'
}

/** What it means that a credential is accepted, by the code that was due. */
const ACCEPTED: Readonly<Record<string, string>> = {
  token_replayed:
    'a used credential is accepted again: the store forgets, every process has a store of its own, or the method does not consume → give all processes one `replayStore` (Redis, PostgreSQL), and let `consume` name the method of the route',
  token_expired:
    'expired credentials are accepted: the app’s clock does not advance or counts in seconds, or something other than the guard verifies → let `now` return what Date.now() does, or leave it out; verify only in the guard',
  audience_mismatch:
    'credentials for another project are accepted: a user of one project gets into all of them → make the app’s portal with its own id, such as `projectKey`',
  token_not_yet_valid:
    'credentials of the future are accepted: the time of issue is not compared with the clock → refuse them, or let only requireSignedUser(portal) verify',
  lifetime_exceeded:
    'credentials that live too long are accepted: the lifetime is not compared with the portal’s limit → refuse them, or let only requireSignedUser(portal) verify',
  claims_invalid:
    'a claim that is missing, or of a wrong type, form or unit, is accepted: the verifier does not check it → check every claim that the portal’s page names, or let only requireSignedUser(portal) verify',
  invalid_token:
    'a credential with a wrong form or signature is accepted: something other than the guard verifies, or changes it on the way → verify only in the guard, and let the URL, the headers and the body reach it as they were sent',
  invalid_request:
    'of two credentials in one request one is chosen: what the guard reads is not what was sent → keep duplicates: parsers, proxies and rewrites must not change the query or the headers',
}

/** Why a request is let in that must be refused. */
function whyLetIn({ response, controls, path }: Facts): string {
  const { first, anonymous, forged, valid } = controls
  const { due, status } = response
  if (mentionsRejection(response) && response.text !== valid.text) return swallowed(response)
  if (!succeeded(first) && succeeded(anonymous))
    return 'an answer for a signed user is given to others: a cache keeps it by its path, or the app remembers the last user, or the user of a connection → cache no answer of this route, and keep nothing about a user outside of the request'
  if (succeeded(anonymous) && !succeeded(forged))
    return 'the guard runs in optional mode: a request without a credential is let in → leave out `mode: "optional"`; if such requests should be let in, pass it to the cases as well'
  if (succeeded(anonymous) && anonymous.text === forged?.text && valid.text !== anonymous.text)
    return `a refusal is answered with ${status}: your error handler turned the ${due.status} into a ${status}, or the verifier lets invalid requests pass as anonymous → answer errors with their status, and leave out options such as \`passthrough\` and \`credentialsRequired: false\``
  if (succeeded(anonymous))
    return `the guard does not run on this route: it is mounted after the handler, on another path or method, or not at all; or the app does not wait for it → mount requireSignedUser(portal) on ${path} before its handler, and let it call next() itself`
  return (
    byCode(due.code, ACCEPTED) ??
    `a credential that must be refused with "${due.code}" is accepted: something other than the guard decides → let only requireSignedUser(portal) decide who gets in, with documented options`
  )
}

/** Why a request that must be refused is not, or not in the right way. A valid one is let in. */
export function whyNotRefused(facts: Facts): string | undefined {
  const { response } = facts
  const { status, code, due } = response
  const known = eaten(facts)
  if (known !== undefined) return known
  if (succeeded(response)) return whyLetIn(facts)
  if (isMissing(response) || (status >= 500 && code === null))
    return `your error handler, or the lack of one, turned the ${due.status} into a ${status}: or what runs before the guard fails → answer errors with their \`status\` and \`headers\`, or keep \`rejections: "respond"\``
  if (status === due.status && code === null)
    return 'the status is right and the code is missing: an error handler has rewritten the answer, or something before the guard has refused → keep `rejections: "respond"`, or pass `codes: false` if the app has a format of its own'
  if (code === 'credential_missing')
    return 'the guard saw no credential at all: something before it removes or changes the query or the headers → let parsers, proxies and rewrites keep the URL and the headers as they were sent'
  if (status === due.status)
    return `it is refused for another reason: "${code}" instead of "${due.code}" → leave the order of checks to the guard, and let nothing change the request before it`
  if ([400, 411, 413, 414, 415, 422, 431].includes(status) && code === null)
    return 'a parser or a check of the app’s own answered before the guard → mount the guard first: a request that is not signed need not be parsed'
  return undefined
}
