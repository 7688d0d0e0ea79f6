import type { Facts } from '../cases/finding'
import { succeeded, type CaseResponse } from '../cases/response'

/** Why a valid credential is not let in. */
export function whyRefused({ response, anonymous }: Facts): string | undefined {
  if (response.status < 500 || response.code !== null) return eaten(response)
  return anonymous.status >= 500
    ? 'the app fails with and without a credential: no guard runs before a handler that needs the user, or something before the guard fails → mount requireSignedUser(portal) on the route, before its handler; the app’s log has the error'
    : 'what follows the guard fails for a signed user: it looks for the user in the wrong place (ctx.state replaced, req overwritten), or has a mistake of its own → read the user from getPortalUser(), and do not replace ctx.state; the app’s log has the error'
}

/** Where the exact body has to reach the guard. */
function eaten({ code, sent }: CaseResponse): string | undefined {
  if (code !== 'server_error' || !sent.includes('a body of')) return undefined
  return 'a body parser, such as express.json(), ran before the guard and kept no bytes: or the guard’s options cannot work, which the app’s log says → mount the guard before the parser, or let the parser keep the bytes: express.json({ verify: keepRawBody })'
}

const ONLY_GUARD = 'let only requireSignedUser(portal) verify'

/** What it means that a credential is accepted, by the code that was due. */
const ACCEPTED: Readonly<Record<string, string>> = {
  token_replayed:
    'a used credential is accepted again: the store forgets, every process has a store of its own, or the method does not consume → give all processes one `replayStore` (Redis, PostgreSQL), and let `consume` name the method of the route',
  token_expired: `expired credentials are accepted: the app’s clock does not advance or counts in seconds, or something other than the guard verifies → let \`now\` return what Date.now() does, or leave it out; ${ONLY_GUARD}`,
  audience_mismatch:
    'credentials for another project are accepted: a user of one project gets into all of them → make the app’s portal with its own id, such as `projectKey`',
  token_not_yet_valid: `credentials dated in the future are accepted: the time of issue is not compared with the clock → ${ONLY_GUARD}`,
  lifetime_exceeded: `credentials that live too long are accepted: the lifetime is not compared with the portal’s limit → ${ONLY_GUARD}`,
  claims_invalid: `a claim that is missing, or of a wrong type, form or unit, is accepted: the verifier does not check it → check every claim that the portal’s page names, or ${ONLY_GUARD}`,
  invalid_token: `a credential with a wrong form or signature is accepted: something other than the guard verifies, or changes it on the way → ${ONLY_GUARD}, and let the URL, the headers and the body reach it as they were sent`,
  invalid_request:
    'of two credentials in one request one is chosen: what the guard reads is not what was sent → keep duplicates: parsers, proxies and rewrites must not change the query or the headers',
}

/** Why a request is let in that must be refused. */
function whyLetIn({ response, path, first, anonymous, forged, valid }: Facts): string {
  const { due, status } = response
  if (!succeeded(anonymous))
    return (
      ACCEPTED[due.code ?? ''] ??
      `a credential that must be refused with "${due.code}" is accepted: something other than the guard decides → ${ONLY_GUARD}, with documented options`
    )
  if (!succeeded(first))
    return 'an answer for a signed user is given to others: a cache keeps it by its path, or the app remembers the last user, or the user of a connection → cache no answer of this route, and keep nothing about a user outside of the request'
  if (forged && !succeeded(forged))
    return 'the guard runs in optional mode: a request without a credential is let in → leave out `mode: "optional"`; if such requests should be let in, pass it to the cases as well'
  if (anonymous.text === forged?.text && valid.text !== anonymous.text)
    return `refusals are answered with success: your error handler turned the ${due.status} into a ${status}, or the verifier lets invalid requests pass as anonymous → answer errors with their status, and leave out options such as \`passthrough\` and \`credentialsRequired: false\``
  return `the guard does not run on this route: it is mounted after the handler, on another path or method, or not at all; or the app does not wait for it → mount requireSignedUser(portal) on ${path} before its handler, and let it call next() itself`
}

/** Why a request that must be refused is not, or not in the right way. A valid one is let in. */
export function whyNotRefused(facts: Facts): string | undefined {
  const { response } = facts
  const { status, code, due } = response
  if (succeeded(response)) return whyLetIn(facts)
  if (status === due.status && code !== null && code !== 'credential_missing')
    return `it is refused for another reason: "${code}" instead of "${due.code}" → leave the order of checks to the guard, and let nothing change the request before it`
  if (
    [400, 411, 413, 414, 415, 422, 431].includes(status) &&
    code === null &&
    status !== due.status
  )
    return 'a parser or a check of the app’s own answered before the guard → mount the guard first: a request that is not signed need not be parsed'
  return eaten(response)
}
