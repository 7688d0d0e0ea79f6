import { Rejection } from '../rejection'
import { decodeUtf8 } from './bytes'
import { query, type Carrier } from './carriers'
import { malformed } from './codec'
import { isForm, rawQuery, readParameter } from './parameters'

/** What the frontend hands to the portal. */
export interface Signed {
  /** The URL to open, or to post to. */
  readonly url: string
  /** The credential as text, for schemes that have one. */
  readonly token?: string
  /** To be sent along, for schemes that sign a request. */
  readonly headers?: Readonly<Record<string, string>>
  /** To be sent byte for byte. */
  readonly body?: string
  /** When the portal stops accepting it, in milliseconds since the epoch. */
  readonly expiresAt: number
}

/** A signed request, which the frontend sends with these headers and this body. */
export interface SignedRequest extends Signed {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What a page hands to the portal's script. */
export interface SignedValue {
  readonly value: string
  /** When the portal stops accepting it, in milliseconds since the epoch; `null` for never. */
  readonly expiresAt: number | null
}

/** A value that vouches for one identifier, and the identifier to send along, exactly as it is. */
export interface SignedIdentifier extends SignedValue {
  readonly identifier: string
}

/** A form that the browser posts to the portal. */
export interface SignedForm {
  readonly url: string
  readonly fields: Readonly<Record<string, string>>
  /** When the portal stops accepting it, in milliseconds since the epoch. */
  readonly expiresAt: number
}

/** What a signer returns. The scheme's carrier decides which of them. */
export type AnySigned = Signed | SignedForm | SignedIdentifier | SignedValue

/**
 * A value that the portal's own script sends: `{ value }`. No request of a browser is documented
 * for it, so it is read from a query parameter of this name.
 */
export function pageValue(name: string): Carrier<string, SignedValue> {
  const inQuery = query(name)
  return {
    ...inQuery,
    output: 'page',
    gives: undefined, // its own type
    write: (value) => ({ ...inQuery.write(value), page: { value } }),
  }
}

/** Two parts of a credential: `text` and its signature. Joined with a dot they are one. */
export interface PartNames {
  readonly text: string
  readonly signature: string
}

/** Two query parameters, one for the text and one for its signature: `?sso=…&sig=…`. */
export function inTwoParameters({ text, signature }: PartNames): Carrier<string> {
  const place = `?${signature}`
  return {
    places: [place, `?${text}`],
    parameters: [text, signature],
    read({ target }) {
      const sent = rawQuery(target)
      const parts = [text, signature].map((name) => readParameter(sent, name))
      if (parts.every((part) => part === undefined)) return undefined
      const missing = [text, signature].find((_, index) => parts[index] === undefined)
      if (missing !== undefined)
        throw new Rejection('credential_missing', `"${missing}" is missing`)
      if (parts[1]?.includes('.')) malformed(`"${signature}" contains a dot`)
      return { place, value: parts.join('.') }
    },
    write(value) {
      const [first, second] = partsOf(value).map(encodeURIComponent)
      return { query: `${text}=${first}&${signature}=${second}` }
    },
  }
}

function partsOf(value: string): [text: string, signature: string] {
  const dot = value.lastIndexOf('.')
  return dot === -1 ? [value, ''] : [value.slice(0, dot), value.slice(dot + 1)]
}

/** An identifier and the value that vouches for it, both for a page. Read from two parameters. */
export function besideIdentifier(names: PartNames): Carrier<string, SignedIdentifier> {
  const inQuery = inTwoParameters(names)
  return {
    ...inQuery,
    output: 'page',
    gives: undefined, // its own type
    write(value) {
      const [identifier, signature] = partsOf(value)
      return { ...inQuery.write(value), page: { value: signature, identifier } }
    },
  }
}

/** One field of a form that the browser posts. Other fields are ignored. */
export function formField(name: string): Carrier<string, SignedForm> {
  const place = `form ${name}`
  return {
    output: 'form',
    places: [place],
    parameters: [],
    read(request) {
      if (!isForm(request)) return undefined
      return {
        fields: [name],
        read(bytes) {
          if (!bytes) return undefined
          const form = decodeUtf8(bytes)
          if (form === undefined) return malformed('the form is not UTF-8')
          const value = readParameter(form, name)
          return value === undefined ? undefined : { place, value }
        },
      }
    },
    write: (value) => ({
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ [name]: value }).toString(),
      fields: { [name]: value },
    }),
  }
}
