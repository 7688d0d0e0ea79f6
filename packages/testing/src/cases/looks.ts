import type { WireRequest } from '../minting/request'
import type { Fault } from './finding'
import { leaks } from './leaks'
import { allText, memberOf, type CaseResponse } from './response'

/** What is wrong with an answer apart from its status and code; `null` for nothing. */
export type Look = (response: CaseResponse, request: WireRequest) => Fault | null

/** A header as it was received. */
function told({ headers }: CaseResponse, name: string): string {
  return headers[name] === undefined ? `no ${name}` : `${name}: ${headers[name]}`
}

/** Tells a cache that it may keep the answer. */
const CACHEABLE = /\b(?:public|immutable|(?:s-)?max-?age=[1-9]|stale-[\w-]+=[1-9])/
/** Read by shared caches in place of `Cache-Control` (RFC 9213). */
const FOR_SHARED_CACHES = /^(?:[\w-]+-)?cdn-cache-control$|^surrogate-control$/

/** A header by which a shared cache keeps the answer. */
function sharedCacheHeader({ headers }: CaseResponse): string | undefined {
  return Object.keys(headers).find(
    (name) => FOR_SHARED_CACHES.test(name) && CACHEABLE.test(headers[name] ?? ''),
  )
}

/** RFC 9111 section 5.2.2.5. */
export const notStored: Look = (response) => {
  const cache = response.headers['cache-control'] ?? ''
  const shared = sharedCacheHeader(response)
  if (shared === undefined && /\bno-store\b/.test(cache) && !/\bpublic\b/.test(cache)) return null
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
  const fault = notStored(response, { method: '', query: '', headers: [] })
  return fault?.severity === 'strictness' ? null : fault
}

/** RFC 9457. */
export const problemDocument: Look = (response) => {
  const isProblem = /^application\/problem\+json\b/.test(response.headers['content-type'] ?? '')
  const lacking = ['type', 'title', 'code'].filter(
    (name) => typeof memberOf(response, name) !== 'string',
  )
  if (memberOf(response, 'status') !== response.status) lacking.push('status')
  if (isProblem && lacking.length === 0) return null
  return {
    received: isProblem ? `a body without ${lacking.join(', ')}` : told(response, 'content-type'),
    tells:
      'clients cannot read why they were refused: something has rewritten the answer of the guard or endpoint → keep `rejections: "respond"`, or pass `codes: false` if the app has a format of its own',
  }
}

export const notSniffed: Look = (response) =>
  response.headers['x-content-type-options'] === 'nosniff'
    ? null
    : {
        received: told(response, 'x-content-type-options'),
        tells:
          'a browser may guess another type for this answer → keep `x-content-type-options: nosniff` as the guard or endpoint sets it',
      }

const CHALLENGES: Readonly<Record<string, string>> = {
  credential_missing: '',
  invalid_request: 'error="invalid_request"',
}

/** RFC 9110 section 11.6.1, RFC 6750 section 3. */
export const challenged: Look = (response) => {
  if (response.status !== 401 && response.status !== 400) return null
  const challenge = response.headers['www-authenticate']
  const due = CHALLENGES[response.due.code ?? ''] ?? 'error="invalid_token"'
  const fits = due === '' ? !challenge?.includes('error=') : challenge?.includes(due)
  if (challenge !== undefined && fits) return null
  return {
    received: told(response, 'www-authenticate'),
    tells:
      'a client is not told correctly what was wrong with its request: the challenge is missing or is another one’s → keep `www-authenticate` as the guard sets it; an error handler must send `err.headers`',
  }
}

/** A line of a stack trace, or a path on the server. */
const STACK = /\bat [^\n]*:\d+:\d+|\/node_modules\//

/** Nothing that was sent is repeated, and nothing about the inside of the app is told. */
export function quiet(claimed: readonly string[]): Look {
  return (response, request) => {
    const all = allText(response)
    if (STACK.test(all)) {
      return {
        received: 'an answer with a stack trace',
        tells:
          'visitors learn how the app is built: the framework’s own error page was sent → keep `rejections: "respond"`, or add an error handler of your own',
      }
    }
    if (credentialsOf(request).some((credential) => leaks(all, credential))) {
      return {
        received: 'an answer with the credential in it',
        tells:
          'anyone who reads the answer, or a log of it, gets the credential → put nothing of the URL, the headers or the body into an answer to an error',
      }
    }
    if (!claimed.some((value) => all.includes(value))) return null
    return {
      received: 'an answer with a claim of a refused credential in it',
      tells:
        'the app shows what a credential says although it was not verified → read the user from getPortalUser() only, after the guard has let the request pass',
    }
  }
}

/** What could be used again, or tells what was signed. */
function credentialsOf({ query, headers }: WireRequest): readonly Buffer[] {
  const values = query.split('&').map((pair) => decoded(pair.slice(pair.indexOf('=') + 1)))
  const sent = headers.filter(([name]) => name.toLowerCase() !== 'content-type')
  const all = [...values, ...sent.map(([, value]) => value)]
  return all.filter((value) => value.length >= 24).map((value) => Buffer.from(value))
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

const SAFE_POLICY =
  /(?:^|[,\s])(?:no-referrer|same-origin|(?:strict-)?origin(?:-when-cross-origin)?)\s*$/

/** For a URL with a credential in it (RFC 6750 section 5.3). */
export const notReferred: Look = (response) => {
  const policy = response.headers['referrer-policy']
  if (SAFE_POLICY.test(policy ?? '')) return null
  return {
    received: told(response, 'referrer-policy'),
    severity: policy ? 'a broken promise' : 'strictness',
    tells:
      'the next page, on whatever site, learns the URL with the credential in it → keep `referrer-policy: no-referrer` as the guard or endpoint sets it',
  }
}

/** For an answer to a URL with a credential in it. */
export const keptPrivate: Look = (response, request) =>
  notStored(response, request) ?? notReferred(response, request)
