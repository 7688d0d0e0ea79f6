import type { Outgoing, Portal, RequestView } from '@countersign/core'
import type { Piece } from './piece'

/** A request, or what stands for one. Everything in it knows where it was in the given text. */
export interface Sent {
  /** What was given, as text. */
  readonly text: string
  readonly method: string
  /** Path and query, as the verifier receives them. */
  readonly target: string
  readonly parameters: readonly Parameter[]
  /** What follows `#` in a URL, which browsers keep to themselves; `null` for none. */
  readonly fragment: Piece | null
  readonly headers: readonly Header[]
  readonly body: Piece
  readonly bytes: Uint8Array
  /** The credential itself, where nothing else was given. */
  readonly alone?: Piece
}

/** A parameter of the query, or a field of a form. */
export interface Parameter {
  /** Decoded. */
  readonly name: string
  /** Percent-decoded once. */
  readonly value: Piece
  /** The whole pair. */
  readonly pair: Piece
}

export interface Header {
  readonly name: Piece
  readonly value: Piece
}

/** The request as core reads it. */
export function viewOf(
  { method, target, headers, bytes, alone }: Sent,
  { scheme }: Portal,
): RequestView {
  if (alone) return viewOfOutgoing(scheme.carrier.write(wellFormed(alone.text)))
  const list = headers.map(({ name, value }) => [name.text, value.text] as const)
  return viewWith(method, target, list, bytes)
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

export function valuesOf(headers: readonly Header[], name: string): readonly Piece[] {
  return headers
    .filter((header) => header.name.text.toLowerCase() === name)
    .map(({ value }) => value)
}

/** The parts of a URL, or of a path with its query. */
export function urlParts(url: Piece): Pick<Sent, 'target' | 'parameters' | 'fragment'> {
  const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(url.text)?.[0] ?? ''
  const [sent, fragment] = url.slice(origin.length).cut('#')
  const [, query] = sent.cut('?')
  return {
    target: sent.text.startsWith('/') ? sent.text : `/${sent.text}`,
    parameters: query ? pairs(query) : [],
    fragment: fragment ?? null,
  }
}

/** The pairs of a query or of a form. */
export function pairs(query: Piece): readonly Parameter[] {
  return query
    .split('&')
    .filter(({ length }) => length > 0)
    .map((pair) => {
      const [name, value = pair.slice(pair.length)] = pair.cut('=')
      return { name: name.decoded().text, value: value.decoded(), pair }
    })
}

/** A field of a form, in which a `+` is a space. */
export function formValue({ pair }: Parameter): Piece {
  const [, value = pair.slice(pair.length)] = pair.cut('=')
  return value.rewrite(/\+/g, () => ' ').decoded()
}
