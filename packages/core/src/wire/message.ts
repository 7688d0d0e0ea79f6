import type { Awaitable } from '../awaitable'
import { Rejection } from '../rejection'
import type { RequestView } from '../request'
import { asBuffer, base64, decodeUtf8, hex } from './bytes'
import { singleHeader, type Carrier } from './carriers'
import { malformed, misspelt, type Codec } from './codec'
import { parseObject, type JsonObject } from './json'
import { LIMITS } from './limits'
import type { SignedRequest } from './page-carriers'
import { isForm, rawQuery, readForm, readParameter } from './parameters'

/** A signature that travels beside what it signs: a timestamp and a body. */
export interface SignedMessage {
  /** Whose secret signed the message. Not covered by the signature. */
  readonly tenant: string
  /** The time of signing, in digits as they were sent. */
  readonly timestamp: string
  readonly signature: string
  readonly body: Uint8Array
}

const TIMESTAMP = /^[1-9][0-9]{0,15}$/
const SIGNATURE_LENGTH = 64

/**
 * `{timestamp}.{body}` signed in lower-case hex, with a JSON object as the body.
 * @param options `timestampClaim` is the claim that the timestamp becomes; no member of the body may
 *   have this name
 */
export function signedMessage({
  timestampClaim,
}: {
  readonly timestampClaim: string
}): Codec<SignedMessage> {
  return {
    compact: false,
    payload: null,
    signature: hex,
    signs: 'timestamp and body',
    header: null,
    shape: null,
    open({ tenant, timestamp, signature, body }) {
      if (!isTenantId(tenant))
        return malformed('the tenant contains characters other than A-Z a-z 0-9 _ -')
      if (!TIMESTAMP.test(timestamp)) return malformed('the timestamp is not 1 to 16 digits')
      if (signature.length !== SIGNATURE_LENGTH) return misspelt('signature', signature, hex)
      const beside = { [timestampClaim]: Number(timestamp) }
      return { tenant, input: [timestamp, '.', body], signature, payload: body, beside }
    },
    seal(claims, tenant) {
      const { [timestampClaim]: time, ...members } = claims
      const timestamp = String(time)
      const body = Buffer.from(JSON.stringify(members), 'utf8')
      return {
        input: [timestamp, '.', body],
        finish: (signature) => ({ tenant: tenant ?? '', timestamp, signature, body }),
      }
    },
  }
}

/** A tenant's name: 1 to 255 letters, digits, "_" and "-". */
export function isTenantId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{1,255}$/.test(value)
}

/** The names of the parts of a signed message in one place. */
export type MessageNames = Readonly<Record<'tenant' | 'timestamp' | 'signature', string>>

type Parts = Readonly<Record<keyof MessageNames, string | undefined>>

/** Three headers beside the body that they sign. */
export function inHeaders(names: MessageNames): Carrier<SignedMessage, SignedRequest> {
  const place = names.signature
  return {
    places: [place],
    parameters: [],
    read(request) {
      const parts = pick(names, (name) => singleHeader(request, name))
      if (parts.timestamp === undefined && parts.signature === undefined) return undefined
      const { tenant, timestamp, signature } = complete(parts, names)
      const read = (body: Uint8Array | null) =>
        body ? { place, value: { tenant, timestamp, signature, body } } : undefined
      return { fields: null, read }
    },
    write: ({ body, ...parts }) => ({
      headers: named(names, parts),
      body: asBuffer(body).toString('utf8'),
    }),
  }
}

/**
 * A form POST that carries the members of the body as fields, and not the body: it is written
 * again as `JSON.stringify` writes it. Any other field makes the form malformed.
 * @param options `members` are those of the body, in the order in which they were written
 */
export function inForm({
  names,
  members,
}: {
  readonly names: MessageNames
  readonly members: readonly string[]
}): Carrier<SignedMessage> {
  const place = `form ${names.signature}`
  return {
    posts: true,
    places: [place],
    parameters: [],
    read(request) {
      if (!isForm(request)) return undefined
      return {
        fields: Object.values(names),
        read(bytes) {
          if (!bytes) return undefined
          const form = decodeUtf8(bytes)
          const sent = form ?? asBuffer(bytes).toString('latin1')
          const parts = pick(names, (name) => readParameter(sent, name))
          if (Object.values(parts).every((part) => part === undefined)) return undefined
          const fields =
            (form === undefined ? undefined : readForm(form)) ??
            malformed('the form is not percent-encoded UTF-8')
          return {
            place,
            value: { ...complete(parts, names), body: writtenAgain(fields, names, members) },
          }
        },
      }
    },
    write({ body, ...parts }) {
      const written = (parseObject(body) ?? {}) as Record<string, string> // a test may sign anything
      return { fields: { ...named(names, parts), ...written } }
    },
  }
}

function writtenAgain(
  fields: ReadonlyMap<string, string>,
  names: MessageNames,
  members: readonly string[],
): Buffer {
  const known = [...Object.values(names), ...members]
  if ([...fields.keys()].some((name) => !known.includes(name))) {
    malformed('the form has an unknown field')
  }
  const present = members.filter((name) => fields.has(name))
  const body = Object.fromEntries(present.map((name) => [name, fields.get(name)]))
  return Buffer.from(JSON.stringify(body), 'utf8')
}

/** The JSON of a sign endpoint's whole reply in standard base64, in one query parameter. */
export function inReplyParameter(parameter: string, names: MessageNames): Carrier<SignedMessage> {
  const place = `?${parameter}`
  return {
    places: [place],
    parameters: [parameter],
    read(request) {
      const sent = readParameter(rawQuery(request.target), parameter)
      return sent === undefined ? undefined : { place, value: readReply(sent, names) }
    },
    write: () => ({}),
  }
}

const REPLY_MEMBERS = ['url', 'headers', 'body', 'expiresAt']

/** Ignores `url` and `expiresAt`, which are for the browser and not signed. */
function readReply(sent: string, names: MessageNames): SignedMessage {
  const bytes = base64.decode(sent)
  const reply = bytes && (parseObject(bytes) ?? parseObject(latin1AsUtf8(bytes)))
  const headers = reply?.['headers'] as JsonObject | null | undefined
  const body = reply?.['body']
  if (!reply || !hasOnly(reply, REPLY_MEMBERS) || typeof body !== 'string') {
    return malformed('the reply is not the base64 of a whole reply as JSON')
  }
  if (typeof headers !== 'object' || !headers || !hasOnly(headers, Object.values(names))) {
    return malformed('the reply has no headers, or unknown ones')
  }
  const parts = pick(names, (name) => textOf(headers[name]))
  return { ...complete(parts, names), body: Buffer.from(body, 'utf8') }
}

/** `btoa`, which the vendor's client calls, writes a character up to U+00FF as one byte. */
function latin1AsUtf8(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1'), 'utf8')
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : malformed('a header of the reply is not text')
}

function hasOnly(object: JsonObject, names: readonly string[]): boolean {
  return Object.keys(object).every((name) => names.includes(name))
}

function pick(names: MessageNames, read: (name: string) => string | undefined): Parts {
  return {
    tenant: read(names.tenant),
    timestamp: read(names.timestamp),
    signature: read(names.signature),
  }
}

function named(names: MessageNames, parts: Omit<SignedMessage, 'body'>): Record<string, string> {
  return {
    [names.tenant]: parts.tenant,
    [names.timestamp]: parts.timestamp,
    [names.signature]: parts.signature,
  }
}

/** @throws Rejection `credential_missing` for a credential that is not complete */
function complete(parts: Parts, names: MessageNames): Omit<SignedMessage, 'body'> {
  const { tenant, timestamp, signature } = parts
  if (tenant && timestamp && signature) return { tenant, timestamp, signature }
  const missing = (['tenant', 'timestamp', 'signature'] as const).find((part) => !parts[part])
  throw new Rejection('credential_missing', `"${missing && names[missing]}" is missing`)
}

/**
 * The bytes that a signature covers.
 * @throws Rejection `unsupported_encoding` for a compressed body or another charset, `body_too_large`
 */
export function plainBody(request: RequestView): Awaitable<Uint8Array> {
  const encoding = request.headers('content-encoding').join().trim()
  const type = request.headers('content-type').join()
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(type)?.[1] ?? ''
  if (!/^(?:identity)?$/i.test(encoding) || !/^(?:utf-?8)?$/i.test(charset)) {
    throw new Rejection('unsupported_encoding', 'the body is not plain UTF-8')
  }
  return request.body(LIMITS.body)
}
