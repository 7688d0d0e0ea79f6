import {
  base64,
  base64url,
  base64urlPadded,
  hex,
  type Encoding,
  type JsonObject,
  type MessageNames,
  type Placement,
  type Portal,
  type SignedMessage,
  type SigningInput,
} from '@countersign/core'
import { readAtOnce } from './read-at-once'
import { replyParameter } from './reply'

/** A credential of one piece: `payload.signature`, perhaps with something in front. */
export interface TextShape {
  /** What stands before the payload: nothing, or a JWT header and its dot. */
  readonly head: string
  readonly payload: Encoding
  readonly signature: Encoding
  /** What the signature covers: the text before its dot, or the bytes that the payload decodes to. */
  readonly signs: 'text' | 'bytes'
}

/** A signature beside the body that it signs. */
export interface MessageShape {
  /** The headers that its parts travel in. */
  readonly names: MessageNames
  readonly signature: Encoding
  /** The claim that travels as the timestamp. */
  readonly timestampClaim: string
  /** The query parameter that holds a whole reply of the sign endpoint, where the scheme has one. */
  readonly reply: string | undefined
}

/** What can be told of a portal's credentials by looking at one. What cannot be told is `undefined`. */
export interface Anatomy {
  readonly portal: Portal
  readonly text: TextShape | undefined
  readonly message: MessageShape | undefined
  /** The query parameter that a credential of one piece travels in. */
  readonly parameter: string | undefined
  /** The headers that it travels in, in lower case. */
  readonly headers: readonly string[]
  /** A header that must not be there twice, of a credential of one piece. */
  readonly header: string | undefined
}

/**
 * Takes a credential of the portal apart to see how it is made, for a scheme says what it does and
 * not how. Its secret is not needed.
 */
export function anatomyOf(portal: Portal): Anatomy {
  const specimen = specimenOf(portal)
  const { codec, carrier } = portal.scheme
  const { query, headers = {} } = specimen?.written ?? {}
  const inQuery = query !== undefined && carrier.parameters.length === 1
  return {
    portal,
    text: codec.compact && specimen ? textShape(specimen) : undefined,
    message: specimen && messageShape(specimen, portal),
    parameter: inQuery ? carrier.parameters[0] : undefined,
    headers: Object.keys(headers).map((name) => name.toLowerCase()),
    header: codec.compact ? singleHeader(portal, headers) : undefined,
  }
}

/** A carrier of one's own may refuse it with a code of its own; that is no affair of ours. */
function singleHeader(
  { scheme }: Portal,
  headers: NonNullable<Placement['headers']>,
): string | undefined {
  const [header, ...others] = Object.entries(headers)
  if (!header || others.length > 0) return undefined
  const read = readAtOnce(scheme.carrier, { headers: [header, header] })
  return typeof read === 'object' || read === 'credential_ambiguous' ? header[0] : undefined
}

interface Specimen {
  /** The claims as JSON, without the one that may travel on its own. */
  readonly json: Buffer
  readonly input: Buffer
  readonly mac: Buffer
  readonly sent: unknown
  readonly written: Placement
}

/** `undefined` for a scheme that writes only claims of its own. */
function specimenOf({ scheme }: Portal): Specimen | undefined {
  const mac = Buffer.alloc(scheme.mac.length, 0xfb) // looks different in every encoding
  try {
    const claims = specimenClaims()
    const { input, finish } = scheme.codec.seal(claims, TENANT)
    const sent = finish(mac)
    return {
      json: Buffer.from(JSON.stringify(claims)),
      input: bytesOf(input),
      mac,
      sent,
      written: scheme.carrier.write(sent),
    }
  } catch {
    return undefined
  }
}

const TENANT = 'tenant'

/** Its JSON looks different in every encoding: letters that the alphabets differ in, and an end to pad. */
function specimenClaims(): JsonObject {
  return { specimen: '~~~???>>>.' }
}

function bytesOf(input: SigningInput): Buffer {
  return Buffer.concat(input.map((piece) => Buffer.from(piece as string))) // or bytes
}

const ENCODINGS = [hex, base64, base64url, base64urlPadded]

function encodingOf(bytes: Uint8Array, text: string): Encoding | undefined {
  return ENCODINGS.find((encoding) => encoding.encode(bytes) === text)
}

function textShape({ json, input, mac, sent }: Specimen): TextShape | undefined {
  if (typeof sent !== 'string') return undefined
  const dot = sent.lastIndexOf('.')
  const start = sent.lastIndexOf('.', dot - 1) + 1
  const payload = encodingOf(json, sent.slice(start, dot))
  const signature = encodingOf(mac, sent.slice(dot + 1))
  const signs = input.equals(json) ? 'bytes' : 'text'
  const covered = signs === 'bytes' || input.toString() === sent.slice(0, dot)
  return payload && signature && covered
    ? { head: sent.slice(0, start), payload, signature, signs }
    : undefined
}

function messageShape(
  { json, input, mac, sent }: Specimen,
  portal: Portal,
): MessageShape | undefined {
  const timestampClaim = portal.scheme.claims.issuedAt?.claim
  if (timestampClaim === undefined || !isMessage(sent)) return undefined
  const covered = input.equals(Buffer.concat([Buffer.from(`${sent.timestamp}.`), sent.body]))
  const signature = encodingOf(mac, sent.signature)
  const names = namesOf(portal)
  const complete = covered && json.equals(sent.body) && signature && names
  return complete
    ? { names, signature, timestampClaim, reply: replyParameter(portal, names) }
    : undefined
}

function isMessage(sent: unknown): sent is SignedMessage {
  const message = sent as Partial<SignedMessage> | null // looked at, not believed
  return (
    typeof message?.timestamp === 'string' &&
    typeof message.signature === 'string' &&
    typeof message.tenant === 'string' &&
    message.body instanceof Uint8Array
  )
}

/** Which part of a message is written to which header. */
function namesOf({ scheme }: Portal): MessageNames | undefined {
  const parts = { tenant: 'a', timestamp: 'b', signature: 'c', body: Buffer.from('{}') }
  const written = Object.entries(scheme.carrier.write(parts).headers ?? {})
  const nameOf = (part: string): string | undefined =>
    written.find(([, value]) => value === part)?.[0]
  const [tenant, timestamp, signature] = [nameOf('a'), nameOf('b'), nameOf('c')]
  return tenant && timestamp && signature ? { tenant, timestamp, signature } : undefined
}
