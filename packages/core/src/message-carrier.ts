import { asBuffer, base64, decodeUtf8 } from './bytes'
import { whenReady } from './awaitable'
import { singleHeader, type Carrier } from './carrier'
import { malformed } from './codec'
import { parseObject, type JsonObject } from './json'
import type { SignedMessage } from './message'
import { rawQuery, readForm, readParameter } from './parameters'
import { Rejection } from './rejection'
import type { RequestView } from './request'

/** The longest signed body, in bytes. */
export const MAX_BODY = 16_384

/** What each part of a signed message is called in its place. */
export interface MessageNames {
  readonly tenant: string
  readonly timestamp: string
  readonly signature: string
}

type Parts = Readonly<Record<keyof MessageNames, string | undefined>>

/** Three headers beside the body that they sign. */
export function inHeaders(names: MessageNames): Carrier<SignedMessage> {
  return {
    places: [names.signature],
    parameters: [],
    read(request) {
      const parts = pick(names, (name) => singleHeader(request, name))
      if (parts.timestamp === undefined && parts.signature === undefined) return undefined
      const complete = allOf(parts)
      return whenReady(plainBody(request), (body) => ({
        place: names.signature,
        sent: { ...complete, body },
      }))
    },
    write: ({ body, ...parts }) => ({
      headers: {
        [names.tenant]: parts.tenant,
        [names.timestamp]: parts.timestamp,
        [names.signature]: parts.signature,
      },
      body: Buffer.from(body).toString('utf8'),
    }),
  }
}

export interface FormOptions {
  readonly names: MessageNames
  /** The members of the body, in the order in which it was written. */
  readonly members: readonly string[]
}

/**
 * A form POST that carries the members of the body as fields, and not the body: it is written
 * again as `JSON.stringify` writes it. Any other field makes it malformed.
 */
export function inForm({ names, members }: FormOptions): Carrier<SignedMessage> {
  const place = `form ${names.signature}`
  return {
    places: [place],
    parameters: [],
    read(request) {
      if (!isForm(request)) return undefined
      return whenReady(plainBody(request), (bytes) => {
        const text = decodeUtf8(bytes)
        const found = text ?? asBuffer(bytes).toString('latin1')
        const parts = pick(names, (name) => readParameter(found, name))
        if (Object.values(parts).every((part) => part === undefined)) return undefined
        const fields = (text === undefined ? undefined : readForm(text)) ?? malformed('the form')
        return { place, sent: { ...allOf(parts), body: rebuild(fields, { names, members }) } }
      })
    },
    write: () => ({}),
  }
}

/** A whole sign endpoint's reply as JSON in standard base64, in one query parameter. */
export function inReplyParameter(parameter: string, names: MessageNames): Carrier<SignedMessage> {
  const place = `?${parameter}`
  return {
    places: [place],
    parameters: [parameter],
    read(request) {
      const sent = readParameter(rawQuery(request.target), parameter)
      return sent === undefined ? undefined : { place, sent: readReply(sent, names) }
    },
    write: () => ({}),
  }
}

const REPLY_MEMBERS = ['url', 'headers', 'body', 'expiresAt']

/** `url` and `expiresAt` are for the browser: they are not signed and not looked at. */
function readReply(sent: string, names: MessageNames): SignedMessage {
  const bytes = base64.decode(sent)
  const reply = bytes && (parseObject(bytes) ?? parseObject(asLatin1(bytes)))
  const headers = reply?.['headers'] as JsonObject | undefined
  const body = reply?.['body']
  if (!reply || !hasOnly(reply, REPLY_MEMBERS) || typeof body !== 'string')
    return malformed('the reply')
  if (typeof headers !== 'object' || !hasOnly(headers, Object.values(names)))
    return malformed('the headers of the reply')
  const parts = pick(names, (name) => textOf(headers[name]))
  return { ...allOf(parts), body: Buffer.from(body, 'utf8') }
}

/** `btoa` writes a character up to U+00FF as one byte, which is what the vendor's client calls. */
function asLatin1(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1'), 'utf8')
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : malformed('a header of the reply')
}

function hasOnly(object: JsonObject | null, names: readonly string[]): object is JsonObject {
  return object !== null && Object.keys(object).every((name) => names.includes(name))
}

function rebuild(fields: ReadonlyMap<string, string>, { names, members }: FormOptions): Buffer {
  const known = [...Object.values(names as unknown as Record<string, string>), ...members]
  if ([...fields.keys()].some((name) => !known.includes(name)))
    return malformed('a field of the form')
  const present = members.filter((name) => fields.has(name)).map((name) => [name, fields.get(name)])
  return Buffer.from(JSON.stringify(Object.fromEntries(present)), 'utf8')
}

function pick(names: MessageNames, read: (name: string) => string | undefined): Parts {
  return {
    tenant: read(names.tenant),
    timestamp: read(names.timestamp),
    signature: read(names.signature),
  }
}

/** @throws Rejection `credential_missing`: a part of a credential is no credential */
function allOf({ tenant, timestamp, signature }: Parts): Omit<SignedMessage, 'body'> {
  if (!tenant || !timestamp || !signature)
    throw new Rejection('credential_missing', 'a part of it is missing')
  return { tenant, timestamp, signature }
}

function isForm(request: RequestView): boolean {
  const type = request.headers('content-type')[0] ?? ''
  return /^application\/x-www-form-urlencoded(?:[;\s]|$)/i.test(type.trim())
}

/** The bytes that were signed: what a gzip or a UTF-16 says is not what the signature covers. */
function plainBody(request: RequestView) {
  const encoding = request.headers('content-encoding').join().trim()
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(
    request.headers('content-type').join(),
  )?.[1]
  if (!/^(?:identity)?$/i.test(encoding) || !/^(?:utf-?8)?$/i.test(charset ?? '')) {
    throw new Rejection('unsupported_encoding', 'the body must be plain UTF-8')
  }
  return whenReady(request.body(MAX_BODY), (body) => {
    if (body.length > MAX_BODY) throw new Rejection('body_too_large')
    return body
  })
}
