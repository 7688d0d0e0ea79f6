import { REJECTIONS } from '@countersign/core'
import type { Facts, Fault } from './finding'
import { isOverwritten, succeeded, type CaseResponse } from './response'
import { isDue, type Suite } from './stage'

/** Why an answer is wrong. Where a valid request is refused as well, that is the cause. */
export function explain(facts: Facts, suite: Suite): Fault {
  const { response, valid } = facts
  const isRefused = response.due.code === null
  if (!isRefused && (succeeded(response) || isDue(valid, suite))) {
    const isTheirs = response.text !== '' && response.text === valid.text
    const told = succeeded(response) ? !isTheirs && swallowed(response) : ranAnyway(response, valid)
    if (told) return told
    return { tells: suite.whyNotRefused(facts) ?? whyNotRefused(response) ?? unexplained(response) }
  }
  const cause = { ...facts, response: isRefused ? response : valid }
  return { tells: suite.whyRefused(cause) ?? whyRefused(cause) ?? unexplained(cause.response) }
}

/** For a refusal that the handler has answered as it answers a signed user, or has written over. */
export function ranAnyway(response: CaseResponse, valid: CaseResponse): Fault | false {
  const { code, text } = response
  const isHandlers = code === null && text !== '' && text === valid.text
  return (
    (isHandlers || isOverwritten(response)) && {
      severity: 'a way in',
      tells:
        'the handler runs although the guard refuses: the app does not wait for the guard, so the page is sent with the status of the refusal → let only the guard call the next handler: app.use(requireSignedUser(portal)), or return what guard(ctx, next) returns',
    }
  )
}

export const NEVER_ANSWERS =
  'the app never answers: something waits for a body that was read before, or neither answers nor calls next() → read a body once, and let every middleware call next() or send an answer; for a slow app set a larger `deadline`'

/** Where no answer was received. */
export function silence({ failure }: CaseResponse): string | undefined {
  if (failure === null) return undefined
  if (/within \d+ ms/.test(failure)) return NEVER_ANSWERS
  return /ECONNREFUSED|ENOTFOUND|EAI_AGAIN/.test(failure)
    ? 'nothing listens at this address → start the app before its cases run, or pass the app itself'
    : 'the connection was closed without an answer: the app crashed, or something in front of it hung up → see the app’s log for the error'
}

const CLOCKS =
  'the clocks of the app and of the cases differ: by hours, or by a factor of a thousand → pass the same `now`, in milliseconds, to the app and to the cases; it must advance'

/** Why one side refuses what the other has signed, or a request, by the code of the refusal. */
const REFUSED: Readonly<Record<string, string>> = {
  invalid_token:
    'the app and the portal given to the cases do not share a secret; or they differ in scheme or mode → make both from one configuration: the same secret, `mode` and ids',
  audience_mismatch:
    'the app’s portal has another id than the portal given to the cases: another project or workspace → give both the same id, such as `projectKey`; if the app has a `tenant` callback, pass `tenant`',
  token_expired: CLOCKS,
  token_not_yet_valid: CLOCKS,
  lifetime_exceeded:
    '`maxLifetime` is shorter than the lifetime of the credentials → leave out or lower `expiresIn` of the endpoint, or pass the `maxLifetime` of the guard to its cases as `expiresIn`',
  claims_invalid:
    'a claim is missing, unknown, or of the wrong type or unit: the side that verifies has other rules than the side that signs → make both portals with the same scheme, sign with signEndpoint(portal, …) or createSigner(portal), and pass a `user` that suits the scheme',
  credential_missing:
    'the credential does not reach the guard: something before it removes the query or the headers, or the endpoint’s answer has none → keep URL, headers and body as they were signed',
  invalid_request:
    'the credential reaches the guard twice: something before it copies a parameter or a header → let one of them through',
  token_replayed:
    'an unused credential counts as used: something else uses it up, or it is used twice on its way → check what else consumes on this route; a store’s `has` must not write',
  nonce_in_progress:
    'a credential that no one uses is leased → let every response settle its lease: check that handlers end their responses',
  body_too_large: 'the body is larger than a signed body may be → pass a smaller `user`',
  unsupported_encoding:
    'something before the guard compresses the body, or says that it does → let signed bodies through as they are',
  server_error:
    'the guard or the endpoint is configured wrongly, or its clock is not in milliseconds since 1970 → see the app’s log for a ConfigError, which names the option; `now` must return what Date.now() does',
  store_unavailable:
    'the replay store failed, or returned something other than true or false, or took too long → run replayStoreCases on it, and check that its database is reachable',
  secret_unavailable:
    'the function that looks the secret up failed or took too long → see the app’s log for its error',
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

/** By the code of an error, or by the public one of an answer. */
export function refusedBy(code: string | null): string | undefined {
  const { publicCode = code } =
    Object.entries(REJECTIONS).find(([name]) => name === code)?.[1] ?? {}
  return Object.entries(REFUSED).find(([name]) => name === publicCode)?.[1]
}

/** What something other than the guard or the endpoint has answered. */
function whyRefused({ response, path }: Facts): string | undefined {
  const { status, code, method, headers } = response
  const known = refusedBy(code)
  if (known !== undefined) return known
  if (isMissing(response))
    return `the app has no ${method} ${path} → name the route as a client calls it, with its prefix, and its \`method\``
  if (status >= 300 && status < 400)
    return `the app redirects to another spelling of this path, or to a login: ${headers['location']?.split('?', 1)[0]} → name the route exactly as clients call it; let signed users past a login`
  if (status === 401)
    return 'something in front asks for another login, or an error handler has rewritten the answer → let signed-in users past it, or send what it asks for: through `headers`, or `asUser` of a sign endpoint'
  return status === 400 || status === 422
    ? 'the guard let the request pass, and the handler expects another body or query → pass what it expects as `body`, or in the route'
    : undefined
}

const HIDDEN = 'refusals do not reach the client: your error handler'

/** Why a request that must be refused is refused in another way. */
function whyNotRefused(response: CaseResponse): string | undefined {
  const { status, code, due } = response
  if (isMissing(response) || (status >= 500 && code === null))
    return `${HIDDEN}, or the lack of one, turned the ${due.status} into a ${status}; the app does not wait for the guard, and its handler fails without a user; or what runs before the guard fails → answer errors with their \`status\` and \`headers\`, or keep \`rejections: "respond"\`; let only the guard call the next handler`
  if (status === due.status && code === null)
    return 'the status is right and the code is missing: an error handler has rewritten the answer, or something in front has refused → leave the answers as they are, or pass `codes: false` if the app has a format of its own'
  return refusedBy(status >= 500 || code === 'credential_missing' ? code : null)
}

function unexplained({ status, code }: CaseResponse): string {
  if (status === 429)
    return 'a rate limit refuses the requests of the cases → raise the limit where the tests run'
  if (status === 403 && code === null)
    return 'something before the guard or endpoint has answered: a CSRF protection, an access list or a firewall → mount the guard before it, send what it asks for through `headers`, or accept its answer with `acceptRefusal`'
  if (status >= 300 && status < 400)
    return 'the app answers with a redirect, which a script follows and takes for success → send the status itself; for pages whose visitors are redirected to a login, pass `acceptRefusal`'
  return `something between the client and the handler answers ${status} → check what runs before and after the guard or endpoint on this route`
}

function isMissing({ status }: CaseResponse): boolean {
  return status === 404 || status === 405
}

const TELLTALES = Object.entries(REJECTIONS)
  .flatMap(([code, { title, publicCode }]) => [title, code, publicCode])
  .filter((text) => text.length > 8)

/** For a refusal that was turned into a success: the text has the title or the code of a rejection. */
function swallowed({ text, due, status }: CaseResponse): Fault | false {
  return (
    TELLTALES.some((telltale) => text.includes(telltale)) && {
      severity: 'a broken promise',
      tells: `${HIDDEN} turned the ${due.status} into a ${status}, and a client takes it for success → answer errors with their status: res.status(err.status ?? 500).set(err.headers ?? {})`,
    }
  )
}
