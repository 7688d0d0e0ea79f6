import type { Portal } from '@countersign/core'
import { memberOf, type CaseResponse } from '../cases/response'
import type { Fault } from '../cases/finding'
import { outbound, type AnySigned } from '../minting/outgoing'

/** What a sign endpoint has answered. */
export interface Reply {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Milliseconds since the epoch; `null` where a redirect does not tell it. */
  readonly expiresAt: number | null
}

/** How an endpoint answers a signed-in user. */
export interface ReplyForm {
  readonly statuses: readonly number[]
  /** @returns what is wrong with it, in words, where it is not a reply */
  read(response: CaseResponse): Reply | string
}

export function replyForm(portal: Portal, respond: 'json' | 'redirect' = 'json'): ReplyForm {
  const { output, posts } = portal.scheme.carrier
  if (respond === 'json') return { statuses: [200], read: (it) => answeredWith(it, portal) }
  if (output !== 'form' && !posts) return { statuses: [302, 303], read: redirected }
  return { statuses: [200], read: ({ text }) => posted(text, portal) }
}

function redirected({ headers: { location } }: CaseResponse): Reply | string {
  if (location === undefined || !URL.canParse(location)) return 'no redirect with a whole URL'
  return { url: location, headers: {}, body: '', expiresAt: null }
}

/** Reads the page whose form a browser posts to the portal. */
function posted(page: string, portal: Portal): Reply | string {
  const url = attribute(/<form\b[^>]*>/.exec(page)?.[0], 'action')
  if (url === undefined || !URL.canParse(url)) return 'no page with a form to post'
  const inputs = page.match(/<input\b[^>]*>/g) ?? []
  const fields = inputs.map((each) => [attribute(each, 'name'), attribute(each, 'value') ?? ''])
  return { ...outbound(portal, { url, fields: Object.fromEntries(fields) }), expiresAt: null }
}

function attribute(tag: string | undefined, name: string): string | undefined {
  const [, value] = RegExp(`\\s${name}="([^"]*)"`).exec(tag ?? '') ?? []
  return value?.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
}

function answeredWith(response: CaseResponse, portal: Portal): Reply | string {
  const [due, possible] = membersOf(portal)
  const found = Object.keys(response.body ?? {})
  const wrong = [
    ...due.filter((name) => !found.includes(name)).map((name) => `no "${name}"`),
    ...found.filter((name) => !due.concat(possible).includes(name)).map((name) => `"${name}"`),
  ]
  if (wrong.length > 0) return `JSON with ${wrong.join(', ')}`
  const misfits = found.find((name) => !fits(name, memberOf(response, name), portal))
  if (misfits !== undefined) return `JSON whose "${misfits}" does not describe a request`
  const signed = response.body as AnySigned // its members were checked
  const request = outbound(portal, signed)
  const { token, expiresAt = null } = signed
  const isSent = [request.url, ...Object.values(request.headers)].some((text) => holds(text, token))
  return isSent ? { ...request, expiresAt } : 'JSON whose "token" is not the one in its "url"'
}

/** The members of a reply that must be there, and those that may. */
function membersOf({ scheme: { codec, carrier } }: Portal): readonly [string[], string[]] {
  if (carrier.output === 'page') return [['value', 'expiresAt'], ['identifier']]
  if (carrier.output === 'form') return [['url', 'fields', 'expiresAt'], []]
  return [['url', ...(codec.compact ? ['token'] : ['headers', 'body']), 'expiresAt'], ['headers']]
}

function fits(name: string, value: unknown, { scheme }: Portal): boolean {
  if (name === 'url') return typeof value === 'string' && URL.canParse(value)
  if (name === 'headers' || name === 'fields') return isTexts(value)
  if (name !== 'expiresAt') return typeof value === 'string' && (value !== '' || name === 'body')
  return typeof value === 'number' || (value === null && scheme.limits.neverExpires === true)
}

/** A credential of two parameters is in the URL in pieces. */
function holds(text: string, token: string | undefined): boolean {
  if (token === undefined || text.includes(token)) return true
  return token.split('.').every((piece) => text.includes(encodeURIComponent(piece)))
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  const isObject = typeof value === 'object' && value !== null
  return isObject && Object.values(value).every((each) => typeof each === 'string')
}

/** True for an answer that has a credential in it, whatever else is wrong. */
export function isSigned({ text, headers }: CaseResponse, { scheme }: Portal): boolean {
  const { location = '' } = headers
  const told = `${location.startsWith('/') ? '' : location}\n${text}` // a path is the app's own
  const { codec, carrier } = scheme
  const isCompact = codec.compact && /[\w+/=%-]{20,}\.[\w+/=%-]{20,}/.test(told)
  return (
    isCompact || ((!codec.compact || carrier.parameters.length > 1) && /[0-9a-f]{64}/.test(told))
  )
}

/** True for an answer that signs, as the plain one does. */
export function isLike(plain: CaseResponse, response: CaseResponse, portal: Portal): boolean {
  return response.status === plain.status && isSigned(response, portal)
}

export function notAReply(what: string): Fault {
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
  token_expired: `what the endpoint signs has already expired: its clock is behind, counts in seconds, or does not advance → ${CLOCKS}`,
  token_not_yet_valid: `what the endpoint signs is not valid yet: its clock is ahead → ${CLOCKS}`,
  lifetime_exceeded:
    'the endpoint signs for longer than the portal allows → leave out `expiresIn`, or lower it',
  claims_invalid:
    'a claim that the endpoint signs is missing, unknown to the scheme or of the wrong type: a time in milliseconds instead of seconds, or the reverse, an extra member, an invalid id or e-mail address → sign with signEndpoint(portal, …) or createSigner(portal), which write the scheme’s claims',
  credential_missing:
    'the portal finds no credential in what the endpoint answers → leave `url`, `headers` and `body` as signEndpoint(portal, …) makes them',
}

export function refusedByPortal(code: string): Fault {
  const tells = BY_CODE[code] ?? `the portal refuses what the endpoint signs → ${SECRETS}`
  return { received: `a credential that the portal refuses with "${code}"`, tells }
}
