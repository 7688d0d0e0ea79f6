import type { Portal, RequestView } from '@countersign/core'
import { fromCurl } from './curl'
import {
  headerOf,
  jsonStrings,
  partsOf,
  replyHeaders,
  sentOf,
  valuesOf,
  viewOf,
  type Parts,
  type Sent,
} from './sent'
import { percentDecoded } from './text'

/** A request as an object. Names of headers may be in any case. */
export interface GivenRequest {
  /** @default GET, or POST where there is a body */
  readonly method?: string | undefined
  /** Absolute, or a path with its query. */
  readonly url: string
  readonly headers?:
    | readonly (readonly [name: string, value: string])[]
    | Readonly<Record<string, string | readonly string[] | undefined>>
    | undefined
  readonly body?: string | Uint8Array | undefined
}

/**
 * Makes a request, for a verifier, of anything that contains a credential.
 * @param given as for `explain`
 */
export function requestOf(given: string | GivenRequest, portal: Portal): RequestView {
  return viewOf(readGiven(given, portal))
}

/**
 * Finds a credential in anything that contains one: besides those of `explain`, the headers and the
 * body of a request.
 */
export function readGiven(given: string | GivenRequest, portal: Portal): Sent {
  if (typeof given === 'object') return fromObject(given)
  const text = given.trim()
  const parts =
    fromCurl(text) ??
    fromHttp(given.trimStart()) ??
    fromReply(text, portal) ??
    fromUrl(text, portal) ??
    fromHeaders(text, portal) ??
    fromText(text) ??
    fromCredential(text, portal)
  return sentOf(given, parts)
}

function fromObject({ method, url, headers = [], body }: GivenRequest): Sent {
  const list = (Array.isArray(headers) ? headers : Object.entries(headers)) as readonly [
    string,
    string | readonly string[] | undefined,
  ][] // a list of pairs, or an object that was made one
  const lines = list.flatMap(([name, value]) =>
    [value ?? []].flat().map((each) => `${name}: ${each}`),
  )
  const sent = sentOf('', { method, url, headers: lines.map(headerOf), body })
  return { ...sent, text: [`${sent.method} ${url} HTTP/1.1`, ...lines, '', sent.body].join('\r\n') }
}

/** A request line, headers, an empty line, and a body. */
function fromHttp(text: string): Parts | undefined {
  const match = /^([A-Z]{3,10}) (\S+) HTTP\/[\d.]+[^\n]*(?:\n|$)/.exec(text)
  if (!match) return undefined
  return { method: match[1], url: match[2], ...headersAndBody(text.slice(match[0].length)) }
}

/** The body is as long as its header says; without one, white space at its end is the terminal's. */
function headersAndBody(text: string): Pick<Parts, 'headers' | 'body'> {
  const [head = '', ...rest] = text.replace(/^\r?\n/, '\n\n').split(/(\r?\n\r?\n)/)
  const headers = head
    .split('\n')
    .filter((line) => line.includes(':'))
    .map((line) => headerOf(line.trim()))
  const sent = rest.slice(1).join('')
  const [length] = valuesOf(headers, 'content-length')
  const bytes = Buffer.from(sent, 'utf8').subarray(0, Number(length))
  const body = length === undefined ? sent.trimEnd() : bytes.toString('utf8')
  return { headers, ...(body !== '' && { body }) }
}

/** The JSON that a sign endpoint answers with: `{ url, token }`, or `{ url, headers, body }`. */
function fromReply(text: string, portal: Portal): Parts | undefined {
  const entries = text.startsWith('{') ? jsonStrings(text) : []
  const [url, body, token] = ['url', 'body', 'token'].map((name) => valuesOf(entries, name)[0])
  const headers = replyHeaders(entries)
  if (headers.length > 0 || body) return { method: 'POST', url, headers, body }
  if (url?.includes('?')) return { url }
  return token === undefined ? undefined : fromCredential(token, portal)
}

/** A URL, a path, a query, or a form. */
function fromUrl(text: string, { scheme }: Portal): Parts | undefined {
  const start = text.slice(0, text.indexOf('?') + 1) // a query may contain what was not encoded
  if (/\s/.test(start || text) || /^[{["'<]/.test(text)) return undefined
  if (/^(?:[a-z][a-z0-9+.-]*:\/\/|\/|\?)/i.test(text)) return { url: text }
  const { parameters, places } = scheme.carrier
  const names = [...parameters, 'token', 'sig', 'data', 'jwt', 'signature']
  const name = /^([\w%[\]-]+)=/.exec(text)?.[1] ?? ''
  const isForm = places.includes(`form ${name}`)
  if (!isForm && names.includes(name.toLowerCase())) return { url: `/?${text}` }
  if (!isForm && !/(?:^|&)_?(?:signature|timestamp)=/i.test(text)) return undefined
  return { headers: [headerOf('content-type: application/x-www-form-urlencoded')], body: text }
}

/** Lines of headers, perhaps with a body behind an empty line. */
function fromHeaders(text: string, { scheme }: Portal): Parts | undefined {
  if (!/^[A-Za-z][\w-]*:[ \t]/.test(text)) return undefined
  return { method: scheme.codec.compact ? 'GET' : 'POST', ...headersAndBody(text) }
}

/** The first URL with a query in any other text but JSON: a message, Markdown, a call of `fetch`. */
function fromText(text: string): Parts | undefined {
  const [url] = /https?:\/\/[^\s"'`<>()[\]?]+\?[^\s"'`<>()[\]]+/.exec(text) ?? []
  return url === undefined || text.startsWith('{') ? undefined : { url }
}

/** The value alone. Percent-encoded where it was copied out of a URL. */
function fromCredential(text: string, { scheme }: Portal): Parts {
  if (!scheme.codec.compact) return {}
  const alone = percentDecoded(text)
  return { alone, ...partsOf(scheme.carrier.write(alone.replace(/\p{Cs}/gu, '\uFFFD'))) } // half a surrogate pair cannot be encoded
}
