import { wayIn, type Fault } from '../cases/finding'
import { headerList } from '../cases/options'
import { changed, identities, overridden, type Changes } from '../cases/changes'
import { dueFor } from '../defects/defect'
import { LET_IN, type Expectation, type WireRequest } from '../minting/request'
import { FOREIGN, VICTIM, type Endpoint } from './faults'
import { withSession } from './options'

/** A request of a case. */
export interface Request {
  /** In words. */
  readonly what: string
  readonly by: 'visitor' | 'user' | 'other'
  /** What is different from a plain request. */
  readonly change?: Partial<WireRequest>
  /** Replaces the headers, those that `asUser` has added as well. */
  readonly reheader?: (headers: WireRequest['headers']) => WireRequest['headers']
  /** `null` where the app may answer as it likes, but must sign nothing else. */
  readonly due: Expectation | null
  /** What it means that the answer is another one, or that another user is signed. */
  readonly fault?: Fault
}

export const UNAUTHENTICATED = dueFor('unauthenticated')
const CROSS_SITE = dueFor('csrf_rejected')
export const SIGNED_IN: Request = { what: 'a signed-in user', by: 'user', due: LET_IN }
export const OTHER_USER: Request = { ...SIGNED_IN, what: 'another signed-in user', by: 'other' }
export const SIGNED_OUT: Request = {
  what: 'a signed-out visitor',
  by: 'visitor',
  due: UNAUTHENTICATED,
}

export async function askOf({ method, options }: Endpoint, request: Request): Promise<WireRequest> {
  const plain = { method, query: '', headers: [], ...request.change }
  if (request.by === 'visitor') return plain
  const ask = await withSession(plain, options, request.by === 'user' ? 'asUser' : 'asOther')
  return { ...ask, headers: request.reheader?.(ask.headers) ?? ask.headers }
}

/** A request of a signed-in user. The app may refuse it, but must not sign anything else. */
function tried(how: string, change: Partial<WireRequest>): Request {
  return { ...SIGNED_IN, what: `${SIGNED_IN.what}, ${how}`, change, due: null }
}

export function sentBy(page: string, headers: Readonly<Record<string, string>>): Request {
  const change = { headers: Object.entries(headers) }
  return { ...SIGNED_IN, what: `${SIGNED_IN.what}, where ${page} calls`, change }
}

function body(type: string, text: string): Partial<WireRequest> {
  return { headers: [['content-type', type]], body: Buffer.from(text) }
}

function json(members: object): Partial<WireRequest> {
  return body('application/json', JSON.stringify(members))
}

const { query: QUERY = '' } = identities(VICTIM)['an id in the query'] ?? {}
const CLAIMS = Object.fromEntries(new URLSearchParams(QUERY))
const PLACES: Changes = {
  'an id in the JSON body': json({ ...CLAIMS, user: CLAIMS }),
  'an id in a form': body('application/x-www-form-urlencoded', QUERY),
  ...identities(VICTIM),
}

/** The same request, naming another user in each place. */
export function naming(request: Request): readonly Request[] {
  return Object.entries(PLACES).map(([place, change]) => ({
    ...request,
    what: `${request.what} with ${place}`,
    change,
    fault: wayIn(
      'a credential for another user than the signed-in one',
      `a client can become any user at the portal: the endpoint believes who the user is from ${place} → let \`user\` read the app’s own session and nothing else: no body, query, header or cookie that a client can set`,
    ),
  }))
}

/** Another cookie or token is at least not another user's. */
export const CHANGED_SESSION: Request = {
  ...tried('with a changed session', {}),
  reheader: (headers) =>
    headers.map(([name, value]) => {
      const isSession = /^(?:cookie|authorization)$/i.test(name) // others may be for tests only
      return [name, isSession ? value.split('; ').map(changed).join('; ') : value]
    }),
  fault: wayIn(
    'a credential for another user, for a changed session',
    'the session is not protected: with another value in it, a client becomes another user → sign the session cookie, or keep only a random id in it',
  ),
}

const TARGETS = 'url redirect redirect_uri returnTo next baseUrl origin host portal'.split(' ')
const ELSEWHERE = Object.fromEntries(TARGETS.map((it) => [it, FOREIGN]))
const HOSTS = ['x-forwarded-host', 'x-original-host', 'x-host', 'forwarded-host']

const LONG = { expiresIn: 1e9, exp: 1e13, expires: 1e13, ttl: 1e9 }

/** How a request could try to move the credential, or its end. */
export const MOVES: readonly Request[] = [
  tried('who asks for a long lifetime', json(LONG)),
  tried('moved by the query', { query: new URLSearchParams(ELSEWHERE).toString() }),
  tried('moved by forwarded headers', { headers: HOSTS.map((it) => [it, 'evil.example']) }),
  tried('moved by its host', { headers: [['host', 'evil.example']] }),
  tried('moved by its referrer', { headers: [['referer', `${FOREIGN}/`]] }),
  tried('moved by the body', json(ELSEWHERE)),
]

/** Requests whose answers may show more than they should. */
export const PROBES: readonly Request[] = [
  tried('with half a body', body('application/json', '{')),
  tried('who asks for more', { query: 'debug=1&secret=1' }),
  tried('with DELETE', { method: 'DELETE' }),
  tried('from a foreign page', { headers: [['Origin', FOREIGN]] }),
]

/** Methods for which the endpoint was not made. */
export function otherMethods({ portal, options, method }: Endpoint): readonly Request[] {
  const isPosted = !portal.scheme.codec.compact && options.respond !== 'redirect'
  const plain = { method: 'GET', query: '', headers: [] }
  const others = ['PUT', 'PATCH', 'DELETE'].map((other) => ({ ...plain, method: other }))
  return [...others, ...(isPosted ? [plain, overridden(() => plain, 'POST')] : [])]
    .filter((change) => change.method !== method)
    .map((change) => tried('with another method', change))
}

function preflight(origin: string, method: string): Request {
  const headers = {
    Origin: origin,
    'Access-Control-Request-Method': method,
    'Access-Control-Request-Headers': 'content-type',
  }
  const change = { method: 'OPTIONS', headers: Object.entries(headers) }
  return { ...SIGNED_OUT, what: `the preflight of a page of ${origin}`, change, due: null }
}

/** How a browser says that a page of another site calls, and asks before. */
export function foreignCalls({ method }: Endpoint): readonly Request[] {
  const calls: Readonly<Record<string, readonly [string, string]>> = {
    'a page of another site': ['Sec-Fetch-Site', 'cross-site'],
    'a page of a neighbouring site': ['Sec-Fetch-Site', 'same-site'],
    'a page of a foreign origin': ['Origin', FOREIGN],
    'a page without an origin': ['Origin', 'null'],
    // any page can post this without being asked (Fetch, CORS-safelisted types)
    ...(method === 'POST' && { 'a form of plain text': ['Content-Type', 'text/plain'] }),
  }
  const all = Object.entries(calls).map(([page, header]) => ({
    ...sentBy(page, Object.fromEntries([header])),
    due: CROSS_SITE,
  }))
  return [preflight(FOREIGN, method), ...all]
}

/** A call of a page of an allowed origin, and what its browser asks before. */
export function allowedCalls({ options, method }: Endpoint): readonly Request[] {
  const [origin = ''] = options.allowedOrigins ?? []
  const headers = { Origin: origin, 'Sec-Fetch-Site': 'cross-site' }
  return [sentBy('a page of an allowed origin', headers), preflight(origin, method)]
}

/** Calls from origins that differ from an own one in one direction. */
export function lookAlikes({ options }: Endpoint, target: string): readonly Request[] {
  const { allowedOrigins = [], headers } = options
  const [, named = target] = headerList(headers).find(([name]) => /^host$/i.test(name)) ?? []
  const [own = `http://${named}`] = allowedOrigins
  const { protocol, host, hostname } = new URL(own)
  const other = protocol === 'https:' ? 'http:' : 'https:'
  const similar = [
    `${own}.evil.example`,
    `${protocol}//evil-${host}`,
    `${protocol}//evil.example.${host}`,
    `${protocol}//${host.replace('.', '-')}`,
    `${protocol}//${hostname}:1`,
    `${protocol}//${host.replace(/^[a-z][^.]*\.(?=.*\.)/i, '')}`, // its parent
    ...(allowedOrigins.length > 0 ? [`${other}//${host}`] : []), // else a proxy may have ended TLS
  ]
  return similar
    .filter((origin) => ![own, ...allowedOrigins].includes(origin) && URL.canParse(origin)) // a name may not end in a number
    .map((origin) => ({
      ...sentBy(`a page of ${origin}`, { Origin: origin }),
      due: CROSS_SITE,
      fault: {
        tells: `an origin that only looks like an own one is accepted: ${origin} → compare origins as whole strings: no prefix, suffix, substring or pattern; leave it to signEndpoint’s \`allowedOrigins\``,
      },
    }))
}
