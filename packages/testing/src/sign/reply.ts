import type { Portal, Verified } from '@countersign/core'
import type { CaseResponse } from '../cases/response'
import type { Stage } from '../cases/stage'
import { outbound, sentRequest, type AnySigned, type Outbound } from '../minting/outgoing'
import { verify } from '../minting/view'
import { notAReply, refusedByPortal } from './explanations'
import type { SignEndpointCaseOptions } from './options'

/** A sign endpoint, as far as its cases know it. */
export interface Endpoint {
  readonly portal: Portal
  readonly options: SignEndpointCaseOptions
  readonly method: string
}

/** What an answer signs, as the portal reads it. */
export interface Signed extends Pick<Verified, 'user' | 'auth'> {
  readonly response: CaseResponse
  readonly url: string
  /** Milliseconds since the epoch; `null` where a redirect does not tell it. */
  readonly expiresAt: number | null
}

type Reply = Outbound & Pick<Signed, 'expiresAt'>

/** @throws Outcome for an answer that signs nothing, or nothing that the portal accepts */
export async function signedBy(
  response: CaseResponse,
  endpoint: Endpoint,
  stage: Stage,
): Promise<Signed> {
  const { portal, options } = endpoint
  const reply = readReply(response, endpoint)
  if (typeof reply === 'string') return stage.fault(response, notAReply(reply))
  const result = await verify(sentRequest(reply), portal, options)
  if (!result.ok) return stage.fault(response, refusedByPortal(result.error.code))
  const { url, expiresAt } = reply
  return { response, url, expiresAt, user: result.value.user, auth: result.value.auth }
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
  const { location = '' } = response.headers
  if (!URL.canParse(location)) return 'no redirect with a whole URL'
  return { url: location, headers: {}, body: '', expiresAt: null }
}

/** Reads the page whose form a browser posts to the portal. */
function inPage(page: string, portal: Portal): Reply | string {
  const url = attribute(/<form\b[^>]*>/.exec(page)?.[0], 'action')
  if (!URL.canParse(url)) return 'no page with a form to post'
  const inputs = page.match(/<input\b[^>]*>/g) ?? []
  const fields = inputs.map((each) => [attribute(each, 'name'), attribute(each, 'value')])
  return { ...outbound(portal, { url, fields: Object.fromEntries(fields) }), expiresAt: null }
}

function attribute(tag: string | undefined, name: string): string {
  const [, value = ''] = RegExp(`\\s${name}="([^"]*)"`).exec(tag ?? '') ?? []
  return value.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
}

function inJson({ body }: CaseResponse, portal: Portal): Reply | string {
  const { codec, carrier, limits } = portal.scheme
  const signed = body as AnySigned // as far as it is one
  const { url = '', value, headers = {}, fields = {}, expiresAt, token } = signed
  const isTimed = typeof expiresAt === 'number' || (expiresAt === null && limits.neverExpires)
  const isForPage = carrier.output === 'page'
  const isInUrl = codec.compact && carrier.output === undefined
  const fits: Readonly<Record<string, unknown>> = {
    ...(isForPage ? { value: isText(value) } : { url: isText(url) && URL.canParse(url) }),
    headers: isTexts(headers),
    fields: isTexts(fields),
    body: isText(signed.body ?? (codec.compact ? '' : null)),
    token: isText(token ?? (isInUrl ? null : '')),
    expiresAt: isTimed,
  }
  const wrong = Object.keys(fits).filter((name) => !fits[name])
  if (wrong.length > 0) return `JSON without a valid "${wrong.join('", "')}"`
  const request = outbound(portal, signed)
  const told = JSON.stringify(request)
  // a credential of two parameters is in the URL in pieces
  const pieces = (token ?? '').split('.').map((piece) => [piece, encodeURIComponent(piece)])
  const isSent = pieces.every((spellings) => spellings.some((each) => told.includes(each)))
  if (!isSent) return 'JSON whose "token" is not the one in its "url"'
  return { ...request, expiresAt: expiresAt ?? null }
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function isTexts(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(isText)
}

/** True for an answer that has a credential in it, whatever else is wrong. */
export function isSigned({ text, headers }: CaseResponse): boolean {
  const { location = '' } = headers
  const told = `${location.startsWith('/') ? '' : location}\n${text}` // a path is the app's own
  return /[\w+/=%-]{20,}\.[\w+/=%-]{20,}|[0-9a-f]{64}/.test(told)
}

/** True for an answer that signs, as the plain one does. */
export function isLike(plain: CaseResponse, response: CaseResponse): boolean {
  return response.status === plain.status && isSigned(response)
}
