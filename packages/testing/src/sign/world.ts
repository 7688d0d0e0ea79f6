import type { Portal, Verified } from '@countersign/core'
import type { Fault } from '../cases/finding'
import { memberOf, type CaseResponse } from '../cases/response'
import type { Ask, Stage } from '../cases/stage'
import { dueFor } from '../defects/defect'
import { sentRequest } from '../minting/material'
import { verify } from '../minting/view'
import { withSession, type Session, type SignEndpointCaseOptions } from './options'

export const UNAUTHENTICATED = dueFor('unauthenticated')
export const CROSS_SITE = dueFor('csrf_rejected')

/** A sign endpoint with everything that its cases need to know. */
export interface SignWorld {
  readonly portal: Portal
  readonly options: SignEndpointCaseOptions
  readonly method: string
  /** A request of a signed-out visitor. */
  signedOut(change?: Change): Ask
  /** A request of a signed-in user. @param session @default `asUser` */
  signedIn(change?: Change, session?: Session): Promise<Ask>
  /** What the endpoint has signed. @throws Verdict for anything that is not a reply */
  replied(stage: Stage, response: CaseResponse): Reply
  /** The user whom the portal reads from a reply. @throws Verdict where it refuses the reply */
  vouched(stage: Stage, response: CaseResponse): Promise<Verified>
}

export type Change = Partial<Pick<Ask, 'method' | 'query' | 'headers' | 'body' | 'path'>>

/** What a sign endpoint has answered. */
export interface Reply {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Milliseconds since the epoch; `null` where a redirect does not tell it. */
  readonly expiresAt: number | null
}

export function signWorldOf(portal: Portal, options: SignEndpointCaseOptions): SignWorld {
  const { method = 'POST', asUser, respond = 'json' } = options
  const signedOut = (change: Change = {}): Ask => ({ method, query: '', headers: [], ...change })

  function replied(stage: Stage, response: CaseResponse): Reply {
    const reply = respond === 'redirect' ? redirected(response) : answeredWith(response, portal)
    return typeof reply === 'string' ? stage.fault(response, notAReply(reply)) : reply
  }

  return {
    portal,
    options,
    method,
    signedOut,
    signedIn: (change, session = asUser) => withSession(signedOut(change), session),
    replied,
    async vouched(stage, response) {
      const result = await verify(sentRequest(replied(stage, response)), portal, options)
      return result.ok ? result.value : stage.fault(response, refusedByPortal(result.error.code))
    },
  }
}

function redirected({ status, headers: { location } }: CaseResponse): Reply | string {
  if (status !== 302 && status !== 303) return `a ${status} instead of a redirect`
  if (location === undefined || !URL.canParse(location)) return 'a redirect without a whole URL'
  return { url: location, headers: {}, body: '', expiresAt: null }
}

/** @returns what is wrong with it, in words, where it is not a reply */
function answeredWith(response: CaseResponse, { scheme }: Portal): Reply | string {
  const { compact } = scheme.codec
  const due = compact ? ['url', 'token', 'expiresAt'] : ['url', 'headers', 'body', 'expiresAt']
  const found = Object.keys(response.body ?? {})
  const allowed = compact && found.includes('headers') ? [...due, 'headers'] : due
  const wrong = [
    ...due.filter((name) => !found.includes(name)).map((name) => `no "${name}"`),
    ...found.filter((name) => !allowed.includes(name)).map((name) => `"${name}"`),
  ]
  if (wrong.length > 0) return `JSON with ${wrong.join(', ')}`
  const [url, headers = {}, body = '', expiresAt, token] = [
    ...['url', 'headers', 'body', 'expiresAt', 'token'].map((name) => memberOf(response, name)),
  ]
  if (typeof url !== 'string' || !URL.canParse(url)) return 'JSON whose "url" is not a whole URL'
  if (typeof expiresAt !== 'number') return 'JSON whose "expiresAt" is not a number'
  if (typeof body !== 'string' || !isTexts(headers)) return 'JSON that does not describe a request'
  if (compact && !contain([url, ...Object.values(headers)], token)) {
    return 'JSON whose "token" is not the one in its "url"'
  }
  return { url, headers, body, expiresAt }
}

/** True for an answer that has a credential in it, whatever else is wrong. */
export function isSigned({ text, headers }: CaseResponse, { scheme }: Portal): boolean {
  const told = `${headers['location'] ?? ''}\n${text}`
  return scheme.codec.compact
    ? /[\w+/=%-]{20,}\.[\w+/=%-]{20,}/.test(told)
    : /[0-9a-f]{64}/.test(told)
}

/** True for an answer that signs, as the plain one does. */
export function isLike(plain: CaseResponse, response: CaseResponse, portal: Portal): boolean {
  return response.status === plain.status && isSigned(response, portal)
}

function contain(places: readonly string[], token: unknown): boolean {
  if (typeof token !== 'string' || token === '') return false
  return places.some((text) => text.includes(token) || text.includes(encodeURIComponent(token)))
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((each) => typeof each === 'string')
  )
}

function notAReply(what: string): Fault {
  return {
    received: what,
    tells:
      'a frontend finds no signed link or request in the answer → answer exactly as signEndpoint(portal, …) does; with `respond: "redirect"`, pass that to the cases',
  }
}

const SECRETS = 'make both portals with the same secret, `mode` and ids'
const CLOCKS = 'sign with the time of now, and pass the endpoint’s `now` to the cases'

const BY_CODE: Readonly<Record<string, string>> = {
  signature_invalid: `the endpoint signs with another secret than the portal has → ${SECRETS}`,
  token_malformed: `the endpoint writes its credentials in another form than the portal reads: another scheme or mode, or a mistake of a signer of its own → ${SECRETS}`,
  algorithm_not_allowed: `the endpoint signs with another algorithm than HS256 → ${SECRETS}`,
  audience_mismatch: `the endpoint signs for another project or workspace → ${SECRETS}`,
  token_expired: `what the endpoint signs has already expired: its clock is behind, counts in seconds, or stands still → ${CLOCKS}`,
  token_not_yet_valid: `what the endpoint signs is not valid yet: its clock is ahead → ${CLOCKS}`,
  lifetime_exceeded:
    'the endpoint signs for longer than the portal allows → leave out `expiresIn`, or lower it',
  claims_invalid:
    'a claim that the endpoint signs is missing, unknown to the scheme or of the wrong type: a time in milliseconds instead of seconds, or the reverse, an extra member, an invalid id or e-mail address → sign with signEndpoint(portal, …) or createSigner(portal), which write the scheme’s claims',
  credential_missing:
    'the portal finds no credential in what the endpoint answers → leave `url`, `headers` and `body` as signEndpoint(portal, …) makes them',
}

function refusedByPortal(code: string): Fault {
  const tells = BY_CODE[code] ?? `the portal refuses what the endpoint signs → ${SECRETS}`
  return { received: `a credential that the portal refuses with "${code}"`, tells }
}
