import type { Portal, Verification } from '@countersign/core'
import { memberOf, type CaseResponse } from '../cases/response'
import { outcomeOf, type Circumstances } from '../portal/outcome'

/** What a sign endpoint has answered with. */
export interface Reply {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Milliseconds since the epoch; `null` where a redirect does not say. */
  readonly expiresAt: number | null
}

/** @returns what is wrong with the form of an answer, in words, or what it says */
export function readReply(
  response: CaseResponse,
  portal: Portal,
  respond: 'json' | 'redirect',
): Reply | string {
  return respond === 'redirect' ? fromRedirect(response) : fromJson(response, portal)
}

function fromRedirect({ status, headers }: CaseResponse): Reply | string {
  const { location } = headers
  if (status !== 302 && status !== 303) return `a ${status}, and no redirect`
  if (location === undefined || !URL.canParse(location)) return 'a redirect to no URL'
  return { url: location, headers: {}, body: '', expiresAt: null }
}

function fromJson(response: CaseResponse, { scheme }: Portal): Reply | string {
  const { compact } = scheme.codec
  const due = compact ? ['url', 'token', 'expiresAt'] : ['url', 'headers', 'body', 'expiresAt']
  const found = Object.keys(response.body ?? {})
  const inHeaders = compact && found.includes('headers') ? ['headers'] : []
  const wrong = [
    ...due.filter((name) => !found.includes(name)).map((name) => `no "${name}"`),
    ...found.filter((name) => ![...due, ...inHeaders].includes(name)).map((name) => `"${name}"`),
  ]
  if (wrong.length > 0) return `JSON with ${wrong.join(', ')}`
  const [url, headers = {}, body = '', expiresAt] = ['url', 'headers', 'body', 'expiresAt'].map(
    (name) => memberOf(response, name),
  )
  if (typeof url !== 'string' || !URL.canParse(url)) return 'JSON whose "url" is no URL'
  if (typeof expiresAt !== 'number') return 'JSON whose "expiresAt" is no number'
  if (typeof body !== 'string' || !isTexts(headers)) return 'JSON whose request is none'
  if (compact && !holds([url, ...Object.values(headers)], memberOf(response, 'token'))) {
    return 'JSON whose "token" is not the one that is sent'
  }
  return { url, headers, body, expiresAt }
}

function holds(places: readonly string[], token: unknown): boolean {
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

/** What the portal makes of a reply. Uses nothing up. */
export function judged(
  { url, headers, body }: Reply,
  portal: Portal,
  circumstances: Circumstances,
): Promise<Verification> {
  const [, query = ''] = /\?(.*)/s.exec(url) ?? []
  const sent = { query, headers: Object.entries(headers), body: Buffer.from(body, 'utf8') }
  return outcomeOf(sent, portal, circumstances)
}
