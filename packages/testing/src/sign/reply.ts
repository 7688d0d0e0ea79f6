import type {
  Portal,
  Signed as SignedRequest,
  SignedForm,
  SignedIdentifier,
} from '@countersign/core'
import { refusedBy } from '../cases/explain'
import type { CaseResponse } from '../cases/response'
import { Outcome } from '../cases/stage'
import { verify, type WireRequest } from '../minting/request'
import type { Endpoint, Signed } from './faults'

interface Reply extends Pick<Signed, 'url' | 'expiresAt'> {
  /** What a browser, or the portal's own script, makes of it. */
  readonly request: WireRequest
}

/** What the signer of any portal returns. */
type AnySigned = Partial<SignedRequest & SignedForm & SignedIdentifier>

const NO_REPLY =
  'a frontend finds no signed link or request in the answer → answer exactly as signEndpoint(portal, …) does; with `respond: "redirect"`, pass that to the cases'
const REFUSED =
  'the portal refuses what the endpoint signs → make both portals with the same secret, `mode` and ids'

/** @throws Outcome for an answer that signs nothing, or nothing that the portal accepts */
export async function signedBy(response: CaseResponse, endpoint: Endpoint): Promise<Signed> {
  const { portal, options } = endpoint
  const reply = readReply(response, endpoint)
  if (typeof reply === 'string') throw new Outcome(response, { received: reply, tells: NO_REPLY })
  const result = await verify(reply.request, portal, options)
  if (!result.ok) {
    const { code } = result.error
    const received = `a credential that the portal refuses with "${code}"`
    throw new Outcome(response, { received, tells: refusedBy(code) ?? REFUSED })
  }
  const { user, auth } = result.value
  return { user, auth, url: reply.url, expiresAt: reply.expiresAt, status: response.status }
}

/** The statuses of an answer that signs. */
export function signingStatuses(endpoint: Endpoint): readonly number[] {
  return isRedirected(endpoint) ? [302, 303] : [200]
}

function isRedirected({ portal, options }: Endpoint): boolean {
  const { output, posts } = portal.scheme.carrier
  return options.respond === 'redirect' && output !== 'form' && !posts
}

/** @returns what is wrong with it, in words, where it is not a reply */
function readReply(response: CaseResponse, endpoint: Endpoint): Reply | string {
  const { portal, options } = endpoint
  if (options.respond !== 'redirect') return inJson(response, portal)
  if (!isRedirected(endpoint)) return inPage(response.text, portal)
  const { location: url = '' } = response.headers
  return URL.canParse(url) ? replyOf(portal, { url }) : 'no redirect with a whole URL'
}

function replyOf(portal: Portal, signed: AnySigned): Reply {
  const { url = '', fields, value, identifier, expiresAt = null } = signed
  const form = new URLSearchParams(fields).toString()
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  const { headers = {}, body = '' } = fields ? { headers: type, body: form } : signed
  const credential = identifier === undefined ? value : `${identifier}.${value}`
  const { query = '' } =
    value === undefined
      ? { query: /\?(.*)/s.exec(url)?.[1] }
      : portal.scheme.carrier.write(credential)
  const bytes = Buffer.from(body, 'utf8')
  const request = { method: 'POST', query, headers: Object.entries(headers), body: bytes }
  return { url, expiresAt, request }
}

/** Reads the page whose form a browser posts to the portal. */
function inPage(page: string, portal: Portal): Reply | string {
  const url = attribute(/<form\b[^>]*>/.exec(page)?.[0], 'action')
  if (!URL.canParse(url)) return 'no page with a form to post'
  const inputs = page.match(/<input\b[^>]*>/g) ?? []
  const fields = inputs.map((each) => [attribute(each, 'name'), attribute(each, 'value')])
  return replyOf(portal, { url, fields: Object.fromEntries(fields) })
}

function attribute(tag: string | undefined, name: string): string {
  const [, value = ''] = RegExp(`\\s${name}="([^"]*)"`).exec(tag ?? '') ?? []
  return value.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
}

function inJson({ body }: CaseResponse, portal: Portal): Reply | string {
  const { codec, carrier, limits } = portal.scheme
  const { token, ...signed } = body as AnySigned // as far as it is one
  const { url, value, expiresAt } = signed
  const isInUrl = codec.compact && carrier.output === undefined
  const fits: Readonly<Record<string, boolean>> = {
    ...(carrier.output === 'page'
      ? { value: typeof value === 'string' }
      : { url: URL.canParse(String(url)) }),
    body: codec.compact || typeof signed.body === 'string',
    token: typeof token === 'string' || (token === undefined && !isInUrl),
    expiresAt: typeof expiresAt === 'number' || (expiresAt === null && !!limits.neverExpires),
  }
  const wrong = Object.keys(fits).filter((name) => !fits[name])
  if (wrong.length > 0) return `JSON without a valid "${wrong.join('", "')}"`
  const told = JSON.stringify(signed)
  // a credential of two parameters is in the URL in pieces
  const pieces = (token ?? '').split('.').map((piece) => [piece, encodeURIComponent(piece)])
  const isSent = pieces.every((spellings) => spellings.some((each) => told.includes(each)))
  return isSent ? replyOf(portal, signed) : 'JSON whose "token" is not the one in its "url"'
}
