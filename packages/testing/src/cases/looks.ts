import type { WireRequest } from '../minting/request'
import type { Fault } from './finding'
import { leaks } from './leaks'
import { allText, isProblem, memberOf, type CaseResponse } from './response'

/** What is wrong with an answer apart from its status and code, if anything is. */
export type Look = (response: CaseResponse) => Fault | false | undefined

/** @param wrong what was received instead; nothing where the answer is right */
const look =
  (tells: string, wrong: (response: CaseResponse) => string | false): Look =>
  (response) => {
    const received = wrong(response)
    return received !== false && { received, tells }
  }

/** Looks at an answer in all of these ways. */
export const every =
  (...looks: readonly Look[]): Look =>
  (response) =>
    looks.map((each) => each(response)).find(Boolean)

/** A header as it was received. */
function told({ headers }: CaseResponse, name: string): string {
  return headers[name] === undefined ? `no ${name}` : `${name}: ${headers[name]}`
}

/** Tells a cache that it may keep the answer. */
const CACHEABLE = /\b(?:public|immutable|(?:s-)?max-?age=[1-9]|stale-[\w-]+=[1-9])/
/** Read by shared caches in place of `Cache-Control` (RFC 9213). */
const FOR_SHARED_CACHES = /^(?:[\w-]+-)?cdn-cache-control$|^surrogate-control$/

/** RFC 9111 section 5.2.2.5. */
export const notStored: Look = (response) => {
  const { headers } = response
  const cache = headers['cache-control'] ?? ''
  const shared = Object.keys(headers).find(
    (name) => FOR_SHARED_CACHES.test(name) && CACHEABLE.test(headers[name] ?? ''),
  )
  if (shared === undefined && /\bno-store\b/.test(cache) && !/\bpublic\b/.test(cache)) return false
  const isKept = shared !== undefined || CACHEABLE.test(cache)
  return {
    received: told(response, shared ?? 'cache-control'),
    severity: isKept ? 'a broken promise' : 'strictness',
    tells:
      'a cache may keep this answer and give it to someone else: no `no-store` reaches the client, or a header for shared caches overrides it → keep the `cache-control` header as the guard or endpoint sets it; middleware, handlers and proxies must not set another',
  }
}

/** For apps with answers of their own: only an answer that says it may be cached is wrong. */
export const notMadeCacheable: Look = (response) => {
  const fault = notStored(response)
  return fault && fault.severity !== 'strictness' && fault
}

/** RFC 9457. */
export const problemDocument = look(
  'clients cannot read why they were refused: something has rewritten the answer of the guard or endpoint → keep `rejections: "respond"`, or pass `codes: false` if the app has a format of its own',
  (response) => {
    if (!isProblem(response)) return told(response, 'content-type')
    const names = ['type', 'title', 'code']
    const lacking = names.filter((name) => typeof memberOf(response, name) !== 'string')
    if (memberOf(response, 'status') !== response.status) lacking.push('status')
    return lacking.length > 0 && `a body without ${lacking.join(', ')}`
  },
)

export const notSniffed = look(
  'a browser may guess another type for this answer → keep `x-content-type-options: nosniff` as the guard or endpoint sets it',
  (response) =>
    response.headers['x-content-type-options'] !== 'nosniff' &&
    told(response, 'x-content-type-options'),
)

/** RFC 9110 section 11.6.1, RFC 6750 section 3. */
export const challenged = look(
  'a client is not told correctly what was wrong with its request: the challenge is missing or is another one’s → keep `www-authenticate` as the guard sets it; an error handler must send `err.headers`',
  (response) => {
    if (response.status !== 401 && response.status !== 400) return false
    const challenge = response.headers['www-authenticate']
    const { code } = response.due
    const usual = code === 'invalid_request' ? code : 'invalid_token'
    const due = code === 'credential_missing' ? undefined : usual
    const error = /error="?(\w+)/.exec(challenge ?? '')?.[1]
    return (challenge === undefined || error !== due) && told(response, 'www-authenticate')
  },
)

/** A line of a stack trace, or a path on the server. */
const STACK = /\bat [^\n]*:\d+:\d+|\/node_modules\//

/**
 * Nothing that was sent is repeated, and nothing about the inside of the app is told.
 * @param claimed by the credential
 */
export const quiet = (claimed: readonly string[], request: WireRequest): Look =>
  every(
    look(
      'visitors learn how the app is built: the framework’s own error page was sent → keep `rejections: "respond"`, or add an error handler of your own',
      (response) => STACK.test(allText(response)) && 'an answer with a stack trace',
    ),
    look(
      'anyone who reads the answer, or a log of it, gets the credential → put nothing of the URL, the headers or the body into an answer to an error',
      (response) =>
        credentialsOf(request).some((credential) => leaks(allText(response), credential)) &&
        'an answer with the credential in it',
    ),
    look(
      'the app shows what a credential says although it was not verified → read the user from getPortalUser() only, after the guard has let the request pass',
      (response) =>
        claimed.some((value) => allText(response).includes(value)) &&
        'an answer with a claim of a refused credential in it',
    ),
  )

/** What could be used again, or tells what was signed. */
function credentialsOf({ query, headers }: WireRequest): readonly Buffer[] {
  const sent = headers.filter(([name]) => name.toLowerCase() !== 'content-type')
  const all = [...new URLSearchParams(query).values(), ...sent.map(([, value]) => value)]
  return all.filter((value) => value.length >= 24).map((value) => Buffer.from(value))
}

const SAFE_POLICY =
  /(?:^|[,\s])(?:no-referrer|same-origin|(?:strict-)?origin(?:-when-cross-origin)?)\s*$/

/** For a URL with a credential in it (RFC 6750 section 5.3). */
export const notReferred = look(
  'the next page, on whatever site, learns the URL with the credential in it → keep `referrer-policy: no-referrer` as the guard or endpoint sets it',
  (response) =>
    !SAFE_POLICY.test(response.headers['referrer-policy'] ?? '') &&
    told(response, 'referrer-policy'),
)
