import type { Outgoing, RequestView } from '@countersign/core'
import { cut, percentDecoded, textOf } from './text'

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
  readonly body?: string | Uint8Array | undefined
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
  readonly bytes: Buffer
  readonly alone: string | undefined
}

export function sentOf(text: string, parts: Parts): Sent {
  const { method, url = '/', headers = [], body = '', alone } = parts
  const [sent, fragment = ''] = cut(url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, ''), '#')
  const bytes = Buffer.from(body as string) // or bytes
  return {
    text,
    method: method ?? (bytes.length > 0 ? 'POST' : 'GET'),
    target: sent.startsWith('/') ? sent : `/${sent}`,
    parameters: pairs(cut(sent, '?')[1] ?? ''),
    fragment,
    headers,
    body: textOf(bytes),
    bytes,
    alone,
  }
}

/** The request that a carrier writes. */
export function partsOf({ query = '', headers = {}, body }: Outgoing): Parts {
  const list = Object.entries(headers).map((header) => headerOf(header.join(': ')))
  return { url: `/?${query}`, headers: list, body }
}

/** The request as core reads it. */
export function viewOf({ method, target, headers, bytes }: Sent): RequestView {
  const named = (name: string): readonly string[] => valuesOf(headers, name.toLowerCase())
  return { method, target, headers: named, body: () => bytes, native: undefined }
}

export function headerOf(pair: string): Entry {
  const [name, value = ''] = cut(pair, ':')
  return { name: name.trim().toLowerCase(), value: value.trim(), pair }
}

/** The values of all entries with this name. */
export function valuesOf(entries: readonly Entry[], name: string): readonly string[] {
  return entries.filter((each) => each.name === name).map(({ value }) => value)
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
