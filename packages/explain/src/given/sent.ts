import type { Outgoing, Portal, RequestView } from '@countersign/core'
import { cut, percentDecoded } from './text'

/** A parameter of the query, a header, a field of a form, or a member of a JSON object. */
export interface Entry {
  /** Decoded; of a header, in lower case. */
  readonly name: string
  /** Decoded once. */
  readonly value: string
  /** Name and value, as they were sent. */
  readonly pair: string
}

/** What was found in a text. */
export interface Parts {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers?: readonly Entry[]
  readonly body?: string | undefined
  readonly bytes?: Uint8Array
  /** The credential itself, where nothing else was given. */
  readonly alone?: string
}

/** A request, or what stands for one. */
export interface Sent {
  /** What was given, as text. */
  readonly text: string
  readonly method: string
  /** Path and query, as the verifier receives them. */
  readonly target: string
  readonly parameters: readonly Entry[]
  /** What follows `#` in a URL, which browsers keep to themselves. */
  readonly fragment: string
  readonly headers: readonly Entry[]
  readonly body: string
  readonly bytes: Uint8Array
  readonly alone: string | undefined
}

export function sentOf(text: string, parts: Parts): Sent {
  const { method, url = '/', headers = [], body, bytes, alone } = parts
  const [sent, fragment = ''] = cut(url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, ''), '#')
  return {
    text,
    method: method ?? (body ? 'POST' : 'GET'),
    target: sent.startsWith('/') ? sent : `/${sent}`,
    parameters: pairs(cut(sent, '?')[1] ?? ''),
    fragment,
    headers,
    body: body ?? '',
    bytes: bytes ?? Buffer.from(body ?? '', 'utf8'),
    alone,
  }
}

/** The request as core reads it. */
export function viewOf(
  { method, target, headers, bytes, alone }: Sent,
  { scheme }: Portal,
): RequestView {
  if (alone !== undefined) return viewOfOutgoing(scheme.carrier.write(wellFormed(alone)))
  return viewWith(method, target, headers, bytes)
}

/** The request that a carrier writes. */
export function viewOfOutgoing({ query = '', headers = {}, body }: Outgoing): RequestView {
  const list = Object.entries(headers).map(([name, value]) => ({ name, value }))
  const method = body === undefined ? 'GET' : 'POST'
  return viewWith(method, `/?${query}`, list, Buffer.from(body ?? ''))
}

function viewWith(
  method: string,
  target: string,
  headers: readonly Pick<Entry, 'name' | 'value'>[],
  bytes: Uint8Array,
): RequestView {
  const named = (name: string): readonly string[] => valuesOf(headers, name)
  return { method, target, headers: named, body: () => bytes, native: undefined }
}

/** Half a surrogate pair cannot be encoded. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\uFFFD')
}

/** The values of all entries with this name, in any case. */
export function valuesOf(
  entries: readonly Pick<Entry, 'name' | 'value'>[],
  name: string,
): readonly string[] {
  return entries
    .filter((each) => each.name.toLowerCase() === name.toLowerCase())
    .map(({ value }) => value)
}

/** The pairs of a query. */
export function pairs(query: string): readonly Entry[] {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name, value = ''] = cut(pair, '=')
      return { name: percentDecoded(name), value: percentDecoded(value), pair }
    })
}

/** The fields of a form, in which a `+` is a space. */
export function fieldsOf(form: string): readonly Entry[] {
  return pairs(form.replaceAll('+', ' '))
}

/**
 * The texts and numbers of a JSON object, and of the objects in it, by the names that lead to them:
 * `headers.x-timestamp`. None for any other text.
 */
export function jsonStrings(json: string): readonly Entry[] {
  const entriesOf = (object: object, path: string): readonly Entry[] =>
    Object.entries(object).flatMap(([name, each]: readonly [string, unknown]) => {
      const value = String(each)
      if (typeof each === 'object' && each !== null) return entriesOf(each, `${path}${name}.`)
      return [{ name: path + name, value, pair: value }]
    })
  try {
    return entriesOf(Object(JSON.parse(json)), '')
  } catch {
    return []
  }
}

/** The headers in the reply of a sign endpoint. */
export function replyHeaders(entries: readonly Entry[]): readonly Entry[] {
  return entries.flatMap(({ name, ...rest }) =>
    name.startsWith('headers.')
      ? [{ name: name.slice('headers.'.length).toLowerCase(), ...rest }]
      : [],
  )
}
