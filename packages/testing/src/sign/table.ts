import type { Case } from '../cases/case'
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
  changedBy,
  isSigned,
  leaking,
  reflected,
  signedAnyway,
  unreadable,
  wrongWith,
  type Endpoint,
  type Signed,
} from './faults'
import { signedBy } from './reply'
import {
  allowedCalls,
  askOf,
  CHANGED_SESSION,
  foreignCalls,
  lookAlikes,
  MOVES,
  naming,
  OTHER_USER,
  otherMethods,
  PROBES,
  sentBy,
  SIGNED_IN,
  SIGNED_OUT,
  UNAUTHENTICATED,
  type Request,
} from './requests'

/** Requests, sent in this order. @param host of the app */
type Requests = readonly Request[] | ((endpoint: Endpoint, host: string) => readonly Request[])

/** What is wrong with an answer besides its status and code. @param signed what it signs */
type Wrong = (...about: [CaseResponse, signed: Signed | undefined, Endpoint]) => ReturnType<Look>

function row(
  id: string,
  name: string,
  requests: Requests,
  { when, wrong }: Pick<Case<Endpoint>, 'when'> & { readonly wrong?: Wrong } = {},
): Case<Endpoint> {
  return {
    id,
    name,
    when,
    async play(stage, endpoint) {
      let first: Signed | undefined
      const all = typeof requests === 'function' ? requests(endpoint, stage.target.host) : requests
      for (const request of all) {
        const { what, due, fault } = request
        const response = await stage.send(await askOf(endpoint, request), what, due ?? LET_IN)
        if (due) stage.expect(response, fault)
        const isLike = first?.status === response.status && isSigned(response)
        const signs = due ? due === LET_IN : isLike
        const signed = signs ? await signedBy(response, endpoint) : undefined
        const change = first && signed && changedBy(request, first, signed, endpoint)
        stage.look(response, change ?? wrong?.(response, signed, endpoint))
        first ??= signed
      }
    },
  }
}

/** Else a credential names no one. */
const isNamed = ({ portal }: Endpoint): boolean => portal.scheme.claims.user.id.claim !== ''

function looks(...all: readonly Look[]): Wrong {
  const look = every(...all)
  return (response, signed) => {
    const isOurs = response.code === UNAUTHENTICATED.code // `acceptRefusal` may accept others
    return (signed !== undefined || isOurs) && look(response)
  }
}

/** All that a sign endpoint must do, the usual causes of failures first. */
export const signCases: readonly Case<Endpoint>[] = [
  row(
    'signed-in',
    'signs a signed-in user as the portal accepts it, and a second time with a credential of its own',
    [SIGNED_IN, SIGNED_IN],
    { wrong: (_, signed, endpoint) => signed && wrongWith(signed, endpoint) },
  ),
  row('signed-out', 'signs nothing for a signed-out visitor', [SIGNED_OUT]),
  row('named', 'signs no user that a request only names', [
    SIGNED_IN,
    ...naming({ ...SIGNED_IN, due: null }),
    ...naming(SIGNED_OUT),
  ]),
  row('own-page', 'signs a call from a page of the app itself', [
    sentBy('a page of the app', { 'Sec-Fetch-Site': 'same-origin' }),
  ]),
  row('private', 'keeps what it signs, and the URL, from caches and other pages', [SIGNED_IN], {
    wrong: looks(notStored, notSniffed, notReferred),
  }),
  row('signed-out-after-user', 'signs nothing for a signed-out visitor on a user’s connection', [
    SIGNED_IN,
    SIGNED_OUT,
  ]),
  row('moved', 'signs for the portal and no longer than allowed, whatever the request says', [
    SIGNED_IN,
    ...MOVES,
  ]),
  row(
    'changed-session',
    'signs no other user for a changed session',
    [SIGNED_IN, CHANGED_SESSION],
    { when: isNamed },
  ),
  row('other-user', 'signs another user as that other user', [SIGNED_IN, OTHER_USER], {
    when: (endpoint) => isNamed(endpoint) && endpoint.options.asOther !== undefined,
  }),
  row(
    'foreign-pages',
    'refuses to sign where a page of another site calls, and lets it read nothing',
    foreignCalls,
    { wrong: reflected },
  ),
  row('look-alike-origins', 'refuses to sign for origins that look like an own one', lookAlikes),
  row(
    'allowed-origin',
    'signs a call from a page of an allowed origin, and lets the page read the response',
    allowedCalls,
    { when: ({ options }) => options.allowedOrigins?.[0] !== undefined, wrong: unreadable },
  ),
  row('refusal', 'refuses with a problem document that is not cached', [SIGNED_OUT], {
    when: ({ options }) => options.codes !== false,
    wrong: looks(notStored, notSniffed, problemDocument),
  }),
  row('other-methods', 'signs for no method other than the endpoint’s own', otherMethods, {
    wrong: signedAnyway,
  }),
  row(
    'keeps-secret',
    'keeps the secret to itself',
    [{ ...SIGNED_IN, due: null }, ...PROBES, SIGNED_OUT],
    { when: ({ options }) => options.secret !== undefined, wrong: leaking },
  ),
]
