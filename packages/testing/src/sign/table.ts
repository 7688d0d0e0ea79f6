import type { Case } from '../cases/case'
import type { Fault } from '../cases/finding'
import {
  every,
  notReferred,
  notSniffed,
  notStored,
  problemDocument,
  type Look,
} from '../cases/looks'
import type { CaseResponse } from '../cases/response'
import { LET_IN } from '../minting/request'
import {
  allowed,
  changedBy,
  isSigned,
  leaking,
  reflected,
  signedAnyway,
  unanswered,
  unreadable,
  wrongWith,
  type Endpoint,
  type Signed,
} from './faults'
import { signedBy } from './reply'
import {
  askOf,
  CHANGED_SESSION,
  foreignCalls,
  json,
  lookAlikes,
  MOVES,
  naming,
  otherMethods,
  preflight,
  PROBES,
  sentBy,
  SIGNED_IN,
  SIGNED_OUT,
  tried,
  UNAUTHENTICATED,
  type Request,
} from './requests'

/** What is wrong with an answer besides its status and code. @param signed what it signs */
type Wrong = (
  response: CaseResponse,
  signed: Signed | undefined,
  endpoint: Endpoint,
) => Fault | false | null | undefined

/**
 * One thing that a sign endpoint must do: requests, sent in this order.
 * @param requests `host` is that of the app
 */
function row(
  id: string,
  name: string,
  requests: readonly Request[] | ((endpoint: Endpoint, host: string) => readonly Request[]),
  wrong: Wrong = () => null,
): Case<Endpoint> {
  return {
    id,
    name,
    async play(stage, endpoint) {
      let first: Signed | undefined
      const all = typeof requests === 'function' ? requests(endpoint, stage.host) : requests
      for (const request of all) {
        const { what, due, fault } = request
        const response = await stage.send(await askOf(endpoint, request), what, due ?? LET_IN)
        if (due) stage.expect(response, fault)
        const isLike = first?.response.status === response.status && isSigned(response)
        const signs = due ? due === LET_IN : isLike
        const signed = signs ? await signedBy(response, endpoint) : undefined
        const change = first && signed && changedBy(request, first, signed, endpoint)
        stage.look(response, change ?? wrong(response, signed, endpoint))
        first ??= signed
      }
    },
  }
}

const where = (when: (endpoint: Endpoint) => boolean, ...cases: readonly Case<Endpoint>[]) =>
  cases.map((each) => ({ ...each, when }))

/** Else a credential names no one. */
const isNamed = ({ portal }: Endpoint): boolean => portal.scheme.claims.user.id.claim !== ''
const LONG = { expiresIn: 1e9, exp: 1e13, expires: 1e13, ttl: 1e9 }

const looks =
  (look: Look): Wrong =>
  (response, signed) => {
    const isOurs = response.code === UNAUTHENTICATED.code // `acceptRefusal` may accept others
    return (signed || isOurs) && look(response, { method: '', query: '', headers: [] })
  }

/** All that a sign endpoint must do, the usual causes of failures first. */
export const signCases: readonly Case<Endpoint>[] = [
  row(
    'signed-in',
    'signs a signed-in user as the portal accepts it',
    [SIGNED_IN],
    (_, signed, endpoint) => signed && wrongWith(signed, endpoint),
  ),
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
  row(
    'private',
    'keeps what it signs, and the URL, from caches and other pages',
    [SIGNED_IN],
    looks(every(notStored, notSniffed, notReferred)),
  ),
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
  ...where(
    isNamed,
    row('changed-session', 'signs no other user for a changed session', [
      SIGNED_IN,
      CHANGED_SESSION,
    ]),
  ),
  ...where(
    (endpoint) => isNamed(endpoint) && endpoint.options.asOther !== undefined,
    row('other-user', 'signs another user as that other user', [
      SIGNED_IN,
      { ...SIGNED_IN, what: 'another signed-in user', by: 'other' },
    ]),
  ),
  row(
    'foreign-pages',
    'refuses to sign where a page of another site calls, and lets it read nothing',
    ({ method }) => foreignCalls(method),
    reflected,
  ),
  row('look-alike-origins', 'refuses to sign for origins that look like an own one', lookAlikes),
  ...where(
    ({ options }) => options.allowedOrigins?.[0] !== undefined,
    row(
      'allowed-origin',
      'signs where a page of an allowed origin calls, and lets it read the answer',
      (endpoint) => {
        const headers = { Origin: allowed(endpoint), 'Sec-Fetch-Site': 'cross-site' }
        return [sentBy('a page of an allowed origin', headers)]
      },
      unreadable,
    ),
    row(
      'allowed-preflight',
      'answers the preflight of an allowed origin',
      (endpoint) => [preflight(allowed(endpoint), endpoint.method), SIGNED_IN],
      unanswered,
    ),
  ),
  ...where(
    ({ options }) => options.codes !== false,
    row(
      'refusal',
      'refuses with a problem document, which caches drop',
      [SIGNED_OUT],
      looks(every(notStored, notSniffed, problemDocument)),
    ),
  ),
  row(
    'other-methods',
    'signs for no method other than the endpoint’s own',
    (endpoint) => [...otherMethods(endpoint), SIGNED_OUT],
    signedAnyway,
  ),
  ...where(
    ({ options }) => options.secret !== undefined,
    row(
      'keeps-secret',
      'keeps the secret to itself',
      [{ ...SIGNED_IN, due: null }, ...PROBES, SIGNED_OUT],
      leaking,
    ),
  ),
]
