import { memberOf, type CaseResponse, type Fault } from '../cases/response'
import { createLeakScanner, type Sensitive } from '../leak-scanner'
import type { WireRequest } from '../minted'

/** What is wrong with an answer beside its status and code; `null` for nothing. */
export type Look = (response: CaseResponse, request: WireRequest) => Fault | null

/** A header as it came, or that it did not come. */
function told({ headers }: CaseResponse, name: string): string {
  return headers[name] === undefined ? `no ${name}` : `${name}: ${headers[name]}`
}

/** RFC 9111 section 5.2.2.5. */
export const uncached: Look = (response) =>
  /\bno-store\b/.test(response.headers['cache-control'] ?? '')
    ? null
    : {
        received: told(response, 'cache-control'),
        means:
          'the answer is cached by your proxy, or by the browser: no `no-store`. Who comes next may get it',
        fix: 'leave `cache-control: no-store` as the guard sets it: middleware and proxies must not set another',
      }

/** For apps with a format of their own: a refusal that says nothing is not kept; one that says so is. */
export const notMadeCacheable: Look = (response) =>
  /\b(?:public|immutable|max-age=[1-9]|s-maxage=[1-9])/.test(
    response.headers['cache-control'] ?? '',
  )
    ? {
        received: told(response, 'cache-control'),
        means: 'a refusal is cached by your proxy: a user who comes later is refused as well',
        fix: 'answer errors with `cache-control: no-store`',
      }
    : null

/** RFC 9457. */
export const problemDocument: Look = (response) => {
  const type = response.headers['content-type'] ?? ''
  const members = ['type', 'title', 'code'].filter(
    (name) => typeof memberOf(response, name) !== 'string',
  )
  const status = memberOf(response, 'status') === response.status ? [] : ['status']
  const missing = [...members, ...status]
  if (/^application\/problem\+json\b/.test(type) && missing.length === 0) return null
  return {
    received:
      missing.length > 0 ? `a body without ${missing.join(', ')}` : told(response, 'content-type'),
    means: 'clients cannot read why they were refused: something has rewritten the guard’s answer',
    fix: 'leave `rejections` at "respond", or pass `codes: false` if the app has a format of its own',
  }
}

export const unsniffed: Look = (response) =>
  response.headers['x-content-type-options'] === 'nosniff'
    ? null
    : {
        received: told(response, 'x-content-type-options'),
        means: 'a browser may take the answer for something else than it is',
        fix: 'leave `x-content-type-options: nosniff` as the guard sets it',
      }

/** RFC 9110 section 11.6.1, RFC 6750 section 3. */
export const challenged: Look = (response) => {
  const challenge = response.headers['www-authenticate']
  const due = CHALLENGES[response.due.code ?? ''] ?? 'error="invalid_token"'
  if (response.status !== 401 && response.status !== 400) return null
  const fits = due === '' ? !challenge?.includes('error=') : challenge?.includes(due)
  if (challenge !== undefined && fits) return null
  return {
    received: told(response, 'www-authenticate'),
    means:
      due === ''
        ? 'a client that sent nothing is told that what it sent was wrong, or is not told what to send'
        : 'a client is not told what was wrong with what it sent',
    fix: 'leave `www-authenticate` as the guard sets it; an error handler must pass on `err.headers`',
  }
}

const CHALLENGES: Readonly<Record<string, string>> = {
  credential_missing: '',
  invalid_request: 'error="invalid_request"',
}

/** A line of a stack, or a path of the server’s. */
const STACK = /\bat [^\n]*:\d+:\d+|\/node_modules\//

/** Nothing of what was sent comes back, and nothing of the app’s inside. */
export const quiet: Look = (response, request) => {
  const { text, rawHeaders } = response
  const all = [text, ...rawHeaders.map(([, value]) => value)].join('\n')
  if (STACK.test(all)) {
    return {
      received: 'an answer with a stack',
      means:
        'strangers learn how the app is built, and where: the framework’s own error page was sent',
      fix: 'leave `rejections` at "respond", or end with an error handler of your own',
    }
  }
  const [leak] = createLeakScanner().leaksIn(all, credentialsOf(request))
  if (leak === undefined) return null
  return {
    received: `an answer with ${leak} in it`,
    means:
      'whoever reads the answer, or a log of it, has the credential: a page can be made to show it',
    fix: 'put nothing of the URL, the headers or the body into an answer to an error',
  }
}

/** What could be used again, or tells what was signed. */
function credentialsOf({ query, headers }: WireRequest): readonly Sensitive[] {
  const values = query.split('&').map((pair) => pair.slice(pair.indexOf('=') + 1))
  const sent = headers.map(([, value]) => value).filter((value) => value.length >= 24)
  return [
    ...values.map((value) => ({ label: 'the query', bytes: Buffer.from(unescaped(value)) })),
    ...sent.map((value) => ({ label: 'a header', bytes: Buffer.from(value) })),
  ].filter(({ bytes }) => bytes.length >= 24)
}

function unescaped(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/** An answer to a URL that held a credential (RFC 6750 section 5.3). */
export const keptPrivate: Look = (response) => {
  const cache = response.headers['cache-control'] ?? ''
  if (!/\bno-store\b/.test(cache) || /\bpublic\b/.test(cache)) {
    return {
      received: told(response, 'cache-control'),
      means: 'the token is cached by your proxy, with the page of its user: no `no-store`',
      fix: 'leave `cache-control: private, no-store` as the guard sets it; what the handler sets wins over it',
    }
  }
  if (SAFE_POLICY.test(response.headers['referrer-policy'] ?? '')) return null
  return {
    received: told(response, 'referrer-policy'),
    means: 'the next page, on whatever site, learns the URL with the credential in it',
    fix: 'leave `referrer-policy: no-referrer` as the guard sets it',
  }
}

const SAFE_POLICY =
  /(?:^|[,\s])(?:no-referrer|same-origin|(?:strict-)?origin(?:-when-cross-origin)?)\s*$/
