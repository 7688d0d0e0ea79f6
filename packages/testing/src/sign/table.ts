import type { Fault } from '../cases/finding'
import { leaks } from '../cases/leaks'
import { notReferred, notSniffed, notStored, problemDocument, type Look } from '../cases/looks'
import { allText, succeeded, type CaseResponse } from '../cases/response'
import { TEST_SECRET } from '../test-secret'
import { SIGNED_IN, SIGNED_OUT, UNAUTHENTICATED, type Case } from './case'
import { wrongWith } from './faults'
import type { SignEndpointCaseOptions } from './options'
import { isSigned, type Endpoint } from './reply'
import {
  CHANGED_SESSION,
  FOREIGN,
  foreignCalls,
  json,
  lookAlikes,
  MOVES,
  naming,
  otherMethods,
  preflight,
  PROBES,
  sentBy,
  tried,
} from './requests'

function row(
  id: string,
  name: string,
  requests: Case['requests'],
  wrong: NonNullable<Case['wrong']> = () => null,
): Case {
  return { id, name, requests, wrong }
}

/** All that a sign endpoint must do, the usual causes of failures first. */
export function signCases(endpoint: Endpoint): readonly Case[] {
  const { portal, options, method } = endpoint
  const { allowedOrigins: [allowed] = [], asOther, codes = true, secret } = options
  const isNamed = portal.scheme.claims.user.id.claim !== '' // else a credential names no one
  const signedIn = row(
    'signed-in',
    'signs a signed-in user as the portal accepts it',
    [SIGNED_IN],
    (_, signed) => signed && wrongWith(signed, endpoint),
  )
  return [
    signedIn,
    ...ALWAYS,
    ...(isNamed ? [CHANGED] : []),
    ...(isNamed && asOther ? [OTHER] : []),
    row(
      'foreign-pages',
      'refuses to sign where a page of another site calls, and lets it read nothing',
      foreignCalls(method),
      reflected,
    ),
    row('look-alike-origins', 'refuses to sign for origins that look like an own one', (host) =>
      lookAlikes(endpoint, host),
    ),
    ...(allowed === undefined ? [] : allowedCases(allowed, method)),
    ...(codes ? REFUSALS : []),
    row(
      'other-methods',
      'signs for no method other than the endpoint’s own',
      [...otherMethods(endpoint), SIGNED_OUT],
      signedAnyway,
    ),
    ...(secret === undefined ? [] : [keepsSecret(secret)]),
  ]
}

const LONG = { expiresIn: 1e9, exp: 1e13, expires: 1e13, ttl: 1e9 }

const ALWAYS: readonly Case[] = [
  row('signed-out', 'signs nothing for a signed-out visitor', [SIGNED_OUT]),
  row('named-by-user', 'signs no other user that the request of a signed-in user names', [
    SIGNED_IN,
    ...naming({ ...SIGNED_IN, due: null }),
  ]),
  row(
    'named-by-visitor',
    'signs no user that the request of a signed-out visitor names',
    naming(SIGNED_OUT),
  ),
  row('own-page', 'signs where a page of the app itself calls', [
    sentBy('a page of the app', { 'Sec-Fetch-Site': 'same-origin' }),
  ]),
  looks('not-cached', 'keeps what it signs out of caches', notStored),
  looks('not-sniffed', 'lets no browser guess the type of its answer', notSniffed),
  looks('not-referred', 'keeps the URL of its answer from other pages', notReferred),
  row('signed-out-after-user', 'signs nothing for a signed-out visitor on a user’s connection', [
    SIGNED_IN,
    SIGNED_OUT,
  ]),
  row('points-to-portal', 'sends its users to the portal, whatever the request says', [
    SIGNED_IN,
    ...MOVES,
  ]),
  row('ends', 'signs for no longer than the portal allows, whatever the request asks for', [
    SIGNED_IN,
    tried('who asks for a long lifetime', json(LONG)),
  ]),
  row('twice', 'signs a user a second time, with a credential of its own', [SIGNED_IN, SIGNED_IN]),
]

const CHANGED = row('changed-session', 'signs no other user for a changed session', [
  SIGNED_IN,
  CHANGED_SESSION,
])

const OTHER = row('other-user', 'signs another user as that other user', [
  SIGNED_IN,
  { ...SIGNED_IN, what: 'another signed-in user', by: 'other' },
])

function reflected({ headers }: CaseResponse): Fault | null {
  const origin = headers['access-control-allow-origin']
  const withCookies = headers['access-control-allow-credentials'] === 'true'
  if (origin !== FOREIGN && !(origin === '*' && withCookies)) return null
  return {
    received: `access-control-allow-origin: ${origin}${withCookies ? ', with credentials' : ''}`,
    severity: 'a way in',
    tells:
      'CORS repeats any origin: every site can read a signed link of its visitors → name the origins in signEndpoint’s `allowedOrigins`, and use no CORS middleware that repeats them on this route',
  }
}

function allowedCases(origin: string, method: string): readonly Case[] {
  const told = ({ headers }: CaseResponse): string =>
    headers['access-control-allow-origin'] ?? 'none'
  return [
    row(
      'allowed-origin',
      'signs where a page of an allowed origin calls, and lets it read the answer',
      [sentBy('a page of an allowed origin', { Origin: origin, 'Sec-Fetch-Site': 'cross-site' })],
      (response) => {
        const { vary = 'none' } = response.headers
        if (told(response) === origin && /\borigin\b/i.test(vary)) return null
        return {
          received: `access-control-allow-origin: ${told(response)}; vary: ${vary}`,
          tells:
            'the browser keeps the answer from the page that may read it, or gives the answer for one page to another → keep the endpoint’s own CORS headers: no other CORS middleware on this route',
        }
      },
    ),
    row(
      'allowed-preflight',
      'answers the preflight of an allowed origin',
      [preflight(origin, method), SIGNED_IN],
      (response, signed) => {
        if (signed || (succeeded(response) && told(response) === origin)) return null
        return {
          received: `${response.status}, access-control-allow-origin: ${told(response)}`,
          tells:
            'the preflight of an allowed origin is not answered: its browser asks with OPTIONS first and does not send the call → mount the endpoint with app.all, or with app.options too',
        }
      },
    ),
  ]
}

function looks(id: string, name: string, look: Look, request = SIGNED_IN): Case {
  return row(id, name, [request], (response, signed) => {
    const isOurs = response.code === UNAUTHENTICATED.code // `acceptRefusal` may accept others
    return signed || isOurs ? look(response, NOTHING) : null
  })
}

/** These looks do not depend on the request. */
const NOTHING = { method: '', query: '', headers: [] }

const REFUSALS: readonly Case[] = [
  looks('refusal-not-cached', 'keeps refusals out of caches', notStored, SIGNED_OUT),
  looks(
    'refusal-not-sniffed',
    'lets no browser guess the type of a refusal',
    notSniffed,
    SIGNED_OUT,
  ),
  looks('refusal-document', 'refuses with a problem document', problemDocument, SIGNED_OUT),
]

function signedAnyway(response: CaseResponse): Fault | null {
  if (succeeded(response) && isSigned(response)) {
    return {
      severity: 'a way in',
      tells:
        'the endpoint signs for a method that it was not made for: protections for POST do not cover it → mount signEndpoint(portal, …) as it is, without overriding methods: it refuses other methods with 405',
    }
  }
  if (response.status !== 405 || response.headers['allow']) return null
  return {
    received: 'a 405 without `Allow`',
    severity: 'strictness',
    tells:
      'a client cannot know which method to use (RFC 9110 section 15.5.6) → keep the header `allow` as the endpoint sets it',
  }
}

function keepsSecret(given: NonNullable<SignEndpointCaseOptions['secret']>): Case {
  const secrets = ([given].flat() as readonly (string | Uint8Array)[]).map((each) => {
    const bytes = Buffer.from(each as string) // or bytes
    // a path such as node_modules/countersign-… is no secret
    const isForTests = bytes.toString('latin1').startsWith(TEST_SECRET)
    return isForTests ? bytes.subarray(TEST_SECRET.length) : bytes
  })
  const requests = [{ ...SIGNED_IN, due: null }, ...PROBES, SIGNED_OUT]
  return row('keeps-secret', 'keeps the secret to itself', requests, (response) =>
    secrets.some((each) => leaks(allText(response), each)) ? LEAKED : null,
  )
}

const LEAKED: Fault = {
  received: 'an answer with the secret in it',
  severity: 'a way in',
  tells:
    'the secret is public: anyone who has it can sign any user → replace the secret, and put it into no answer, page or bundle',
}
