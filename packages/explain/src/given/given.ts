import type { Portal, RequestView } from '@countersign/core'
import { readCurl, headerOf, type CurlCall, type CurlData } from './curl'
import { jsonStrings } from './json-strings'
import { Piece, textOf } from './piece'
import { urlParts, valuesOf, viewOf, type Header, type Sent } from './sent'

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
  const text = Piece.whole(given)
  const piece = text.trim()
  if (/^curl\s/.test(piece.text)) return fromCurl(given, readCurl(piece))
  if (/^[A-Z]{3,10} \S+ HTTP\/[\d.]+\r?\n?/.test(piece.text)) {
    return fromHttp(given, text.slice(text.text.length - text.text.trimStart().length))
  }
  return (
    fromReply(given, piece, portal) ??
    fromUrl(given, piece, portal) ??
    fromHeaders(given, piece, portal) ??
    fromCredential(given, piece, portal)
  )
}

interface Parts {
  readonly method?: string | undefined
  readonly url: Piece
  readonly headers?: readonly Header[]
  readonly body?: Piece | undefined
  readonly bytes?: Uint8Array | undefined
}

function sentOf(text: string, { method, url, headers = [], body, bytes }: Parts): Sent {
  const content = body ?? Piece.absent('', [text.length, text.length])
  return {
    text,
    method: method ?? (body ? 'POST' : 'GET'),
    ...urlParts(url),
    headers,
    body: content,
    bytes: bytes ?? Buffer.from(content.text, 'utf8'),
  }
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
  const shown = textOf(Buffer.from(bytes))
  const text = Piece.whole(head + shown)
  const content = text.slice(head.length)
  return { ...fromHttp(text.text, text), ...(bytes.length > 0 && { body: content }), bytes }
}

/** A request line, headers, an empty line, and a body. */
function fromHttp(text: string, piece: Piece): Sent {
  const line = /^(\S+) (\S+)[^\n]*(?:\n|$)/.exec(piece.text)
  const method = line?.[1] ?? 'GET'
  const url = piece.slice(method.length + 1, method.length + 1 + (line?.[2]?.length ?? 0))
  return sentOf(text, { method, url, ...headersAndBody(piece.slice(line?.[0].length ?? 0)) })
}

/** The body is as long as its header says; without one, white space at its end is the terminal's. */
function headersAndBody(piece: Piece): Pick<Parts, 'headers' | 'body'> {
  const end = /^\r?\n|\r?\n\r?\n/.exec(piece.text)
  const head = end ? piece.slice(0, end.index) : piece
  const rest = piece.slice(end ? end.index + end[0].length : piece.length)
  const headers = head
    .split('\n')
    .filter((line) => line.text.includes(':'))
    .map(headerOf)
  const length = valuesOf(headers, 'content-length')[0]?.text
  const body =
    length === undefined
      ? rest.slice(0, rest.text.trimEnd().length)
      : firstBytes(rest, Number(length))
  return { headers, ...(body.length > 0 && { body }) }
}

function firstBytes(piece: Piece, length: number): Piece {
  const bytes = Buffer.from(piece.text, 'utf8').subarray(0, length)
  return piece.slice(0, bytes.toString('utf8').length)
}

function fromCurl(text: string, { method, url, headers, data, inQuery }: CurlCall): Sent {
  const [first, ...rest] = data.map(encodedData)
  if (!first) return sentOf(text, { method, url, headers })
  const body = rest.reduce(
    (all, each) => all.concat(Piece.absent('&', each.range)).concat(each),
    first,
  )
  if (!inQuery) return sentOf(text, { method, url, headers, body })
  const separator = Piece.absent(url.text.includes('?') ? '&' : '?', url.range)
  return sentOf(text, { method, url: url.concat(separator).concat(body), headers })
}

/** `--data-urlencode` encodes what follows the name. */
function encodedData({ piece, isEncoded }: CurlData): Piece {
  if (!isEncoded) return piece
  const name = piece.slice(0, piece.text.indexOf('=') + 1)
  const value = piece.slice(name.length).rewrite(/[^]+/g, encodeURIComponent)
  return name.concat(value)
}

/** The JSON that a sign endpoint answers with: `{ url, token }`, or `{ url, headers, body }`. */
function fromReply(text: string, piece: Piece, portal: Portal): Sent | undefined {
  const strings = piece.text.startsWith('{') ? jsonStrings(piece) : undefined
  if (!strings) return undefined
  const names = [...strings.keys()].filter((name) => name.startsWith('headers.'))
  const body = strings.get('body')
  const url = strings.get('url')
  if (names.length > 0 || body) {
    const headers = names.map((name) => ({
      name: Piece.absent(name.slice('headers.'.length), piece.range),
      value: strings.get(name) as Piece, // one of its own names
    }))
    return sentOf(text, { method: 'POST', url: url ?? Piece.absent('/'), headers, body })
  }
  if (url?.text.includes('?')) return sentOf(text, { url })
  const token = strings.get('token')
  return token && fromCredential(text, token, portal)
}

/** A URL, a path, a query, or a form. */
function fromUrl(text: string, piece: Piece, portal: Portal): Sent | undefined {
  const start = piece.text.slice(0, piece.text.indexOf('?') + 1) // a query may contain what was not encoded
  if (/\s/.test(start || piece.text) || /^[{["'<]/.test(piece.text)) return undefined
  if (/^(?:[a-z][a-z0-9+.-]*:\/\/|\/|\?)/i.test(piece.text)) return sentOf(text, { url: piece })
  const { parameters, places } = portal.scheme.carrier
  const names = [...parameters, 'token', 'sig', 'data', 'jwt', 'signature']
  const name = /^([\w%[\]-]+)=/.exec(piece.text)?.[1] ?? ''
  const isForm = places.includes(`form ${name}`)
  if (!isForm && names.includes(name.toLowerCase())) {
    return sentOf(text, { url: Piece.absent('/?', piece.range).concat(piece) })
  }
  if (!isForm && !/(?:^|&)_?(?:signature|timestamp)=/i.test(piece.text)) return undefined
  const type = 'application/x-www-form-urlencoded'
  const headers = [{ name: Piece.absent('content-type'), value: Piece.absent(type) }]
  return sentOf(text, { url: Piece.absent('/'), headers, body: piece })
}

/** Lines of headers, perhaps with a body behind an empty line. */
function fromHeaders(text: string, piece: Piece, portal: Portal): Sent | undefined {
  if (!/^[A-Za-z][\w-]*:[ \t]/.test(piece.text)) return undefined
  const parts = headersAndBody(piece)
  const method = portal.scheme.codec.compact ? 'GET' : 'POST'
  return sentOf(text, { method, url: Piece.absent('/'), ...parts })
}

/** The value alone. Percent-encoded where it was copied out of a URL. */
function fromCredential(text: string, piece: Piece, { scheme }: Portal): Sent {
  const sent = sentOf(text, { url: Piece.absent('/') })
  return scheme.codec.compact ? { ...sent, alone: piece.decoded() } : sent
}
