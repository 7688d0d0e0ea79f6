import type { Portal, RequestView } from '@countersign/core'
import { fromCurl, headerOf } from './curl'
import { jsonStrings, replyHeaders } from './json-strings'
import { Piece, textOf } from './piece'
import { sentOf, valuesOf, viewOf, type Parts, type Sent } from './sent'

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
  return viewOf(readGiven(given, portal), portal)
}

/**
 * Makes a request of anything that contains a credential: the credential alone, a URL, a `curl`
 * command, a request as it is on the wire, its headers and body, or the JSON of a sign endpoint.
 */
export function readGiven(given: string | GivenRequest, portal: Portal): Sent {
  if (typeof given === 'object') return fromObject(given)
  const whole = Piece.whole(given)
  const piece = whole.trim()
  const parts =
    fromCurl(piece) ??
    fromHttp(whole.slice(piece.range[0])) ??
    fromReply(piece, portal) ??
    fromUrl(piece, portal) ??
    fromHeaders(piece, portal) ??
    fromCredential(piece, portal)
  return sentOf(given, parts)
}

function fromObject({ method, url, headers = [], body }: GivenRequest): Sent {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : (body ?? Buffer.alloc(0))
  const list = (Array.isArray(headers) ? headers : Object.entries(headers)) as readonly [
    string,
    string | readonly string[] | undefined,
  ][] // a list of pairs, or an object that was made one
  const lines = list.flatMap(([name, value]) =>
    [value ?? []].flat().map((each) => `${name}: ${each}`),
  )
  const verb = method ?? (bytes.length > 0 ? 'POST' : 'GET')
  const head = [`${verb} ${url} HTTP/1.1`, ...lines, '', ''].join('\r\n')
  const text = Piece.whole(head + textOf(Buffer.from(bytes)))
  const content = text.slice(head.length)
  return sentOf(text.text, {
    ...partsOfHttp(text),
    ...(bytes.length > 0 && { body: content }),
    bytes,
  })
}

function fromHttp(piece: Piece): Parts | undefined {
  const isRequest = /^[A-Z]{3,10} \S+ HTTP\/[\d.]+/.test(piece.text)
  return isRequest ? partsOfHttp(piece) : undefined
}

/** A request line, headers, an empty line, and a body. */
function partsOfHttp(piece: Piece): Parts {
  const [line = '', method = '', url = ''] = /^(\S+) (\S+)[^\n]*(?:\n|$)/.exec(piece.text) ?? []
  const start = method.length + 1
  const rest = headersAndBody(piece.slice(line.length))
  return { method, url: piece.slice(start, start + url.length), ...rest }
}

/** The body is as long as its header says; without one, white space at its end is the terminal's. */
function headersAndBody(piece: Piece): Pick<Parts, 'headers' | 'body'> {
  const end = /^\r?\n|\r?\n\r?\n/.exec(piece.text)
  const head = end ? piece.slice(0, end.index) : piece
  const rest = piece.slice(end ? end.index + end[0].length : piece.length)
  const lines = head.split('\n').filter((line) => line.text.includes(':'))
  const headers = lines.map(headerOf)
  const length = valuesOf(headers, 'content-length')[0]?.text
  const text =
    length === undefined
      ? rest.text.trimEnd()
      : Buffer.from(rest.text, 'utf8').subarray(0, Number(length)).toString('utf8')
  return { headers, ...(text.length > 0 && { body: rest.slice(0, text.length) }) }
}

/** The JSON that a sign endpoint answers with: `{ url, token }`, or `{ url, headers, body }`. */
function fromReply(piece: Piece, portal: Portal): Parts | undefined {
  const entries = piece.text.startsWith('{') ? jsonStrings(piece) : []
  const [url, body, token] = ['url', 'body', 'token'].map((name) => valuesOf(entries, name)[0])
  const headers = replyHeaders(entries)
  if (headers.length > 0 || body) return { method: 'POST', url, headers, body }
  if (url?.text.includes('?')) return { url }
  return token && fromCredential(token, portal)
}

/** A URL, a path, a query, or a form. */
function fromUrl(piece: Piece, portal: Portal): Parts | undefined {
  const start = piece.text.slice(0, piece.text.indexOf('?') + 1) // a query may contain what was not encoded
  if (/\s/.test(start || piece.text) || /^[{["'<]/.test(piece.text)) return undefined
  if (/^(?:[a-z][a-z0-9+.-]*:\/\/|\/|\?)/i.test(piece.text)) return { url: piece }
  const { parameters, places } = portal.scheme.carrier
  const names = [...parameters, 'token', 'sig', 'data', 'jwt', 'signature']
  const name = /^([\w%[\]-]+)=/.exec(piece.text)?.[1] ?? ''
  const isForm = places.includes(`form ${name}`)
  if (!isForm && names.includes(name.toLowerCase())) {
    return { url: Piece.absent('/?', piece.range).concat(piece) }
  }
  if (!isForm && !/(?:^|&)_?(?:signature|timestamp)=/i.test(piece.text)) return undefined
  const type = headerOf(Piece.absent('content-type: application/x-www-form-urlencoded'))
  return { headers: [type], body: piece }
}

/** Lines of headers, perhaps with a body behind an empty line. */
function fromHeaders(piece: Piece, { scheme }: Portal): Parts | undefined {
  if (!/^[A-Za-z][\w-]*:[ \t]/.test(piece.text)) return undefined
  return { method: scheme.codec.compact ? 'GET' : 'POST', ...headersAndBody(piece) }
}

/** The value alone. Percent-encoded where it was copied out of a URL. */
function fromCredential(piece: Piece, { scheme }: Portal): Parts {
  return scheme.codec.compact ? { alone: piece.decoded() } : {}
}
