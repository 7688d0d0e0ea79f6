import type { Outgoing, Portal, RequestView } from '@countersign/core'
import { Piece } from './piece'

/** A parameter of the query, a header, a field of a form, or a member of a JSON object. */
export interface Entry {
  /** Decoded; of a header, in lower case. */
  readonly name: string
  /** Decoded once. */
  readonly value: Piece
  /** Name and value, as they were sent. */
  readonly pair: Piece
}

/** What was found in a text. */
export interface Parts {
  readonly method?: string | undefined
  readonly url?: Piece | undefined
  readonly headers?: readonly Entry[]
  readonly body?: Piece | undefined
  readonly bytes?: Uint8Array
  /** The credential itself, where nothing else was given. */
  readonly alone?: Piece
}

/** A request, or what stands for one. Everything in it knows where it was in the given text. */
export interface Sent {
  /** What was given, as text. */
  readonly text: string
  readonly method: string
  /** Path and query, as the verifier receives them. */
  readonly target: string
  readonly parameters: readonly Entry[]
  /** What follows `#` in a URL, which browsers keep to themselves. */
  readonly fragment: Piece | undefined
  readonly headers: readonly Entry[]
  readonly body: Piece
  readonly bytes: Uint8Array
  readonly alone: Piece | undefined
}

export function sentOf(text: string, { method, url, headers = [], body, ...rest }: Parts): Sent {
  const address = url ?? Piece.absent('/')
  const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(address.text)?.[0] ?? ''
  const [sent, fragment] = address.slice(origin.length).cut('#')
  const [, query] = sent.cut('?')
  const content = body ?? Piece.absent('', [text.length, text.length])
  return {
    text,
    method: method ?? (body ? 'POST' : 'GET'),
    target: sent.text.startsWith('/') ? sent.text : `/${sent.text}`,
    parameters: query ? pairs(query) : [],
    fragment,
    headers,
    body: content,
    bytes: rest.bytes ?? Buffer.from(content.text, 'utf8'),
    alone: rest.alone,
  }
}

/** The request as core reads it. */
export function viewOf(
  { method, target, headers, bytes, alone }: Sent,
  { scheme }: Portal,
): RequestView {
  if (alone) return viewOfOutgoing(scheme.carrier.write(wellFormed(alone.text)))
  return viewWith(
    method,
    target,
    headers.map(({ name, value }) => [name, value.text]),
    bytes,
  )
}

/** The request that a carrier writes. */
export function viewOfOutgoing({ query = '', headers = {}, body }: Outgoing): RequestView {
  const method = body === undefined ? 'GET' : 'POST'
  return viewWith(method, `/?${query}`, Object.entries(headers), Buffer.from(body ?? ''))
}

function viewWith(
  method: string,
  target: string,
  headers: readonly (readonly [name: string, value: string])[],
  bytes: Uint8Array,
): RequestView {
  const valuesOf = (name: string): readonly string[] =>
    headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value)
  return { method, target, headers: valuesOf, body: () => bytes, native: undefined }
}

/** Half a surrogate pair cannot be encoded. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\uFFFD')
}

/** The values of all entries with this name, in any case. */
export function valuesOf(entries: readonly Entry[], name: string): readonly Piece[] {
  return entries
    .filter((each) => each.name.toLowerCase() === name.toLowerCase())
    .map(({ value }) => value)
}

/** The pairs of a query. */
export function pairs(query: Piece): readonly Entry[] {
  return query
    .split('&')
    .filter(({ length }) => length > 0)
    .map((pair) => {
      const [name, value = pair.slice(pair.length)] = pair.cut('=')
      return { name: name.decoded().text, value: value.decoded(), pair }
    })
}

/** The fields of a form, in which a `+` is a space. */
export function fieldsOf(form: Piece): readonly Entry[] {
  return pairs(form.rewrite(/\+/g, () => ' '))
}
