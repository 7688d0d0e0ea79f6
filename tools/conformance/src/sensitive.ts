import { createHmac } from 'node:crypto'
import { catalogue, type TokenCase } from './catalogue'
import { SHORTEST, type Sensitive } from './leak-scanner'
import type { RawRequest } from './raw-client'

/** The secrets that the portals of the catalogue are made with. */
export const secrets: readonly Sensitive[] = Object.entries(catalogue.secrets).map(
  ([name, secret]) => ({ label: `secret ${name}`, bytes: Buffer.from(secret) }),
)

/**
 * All that an answer to a case must not contain: the secrets, what was sent (`credential`
 * and `payload`), and the right signature for it.
 */
export function sensitiveIn({ scheme, requests }: TokenCase): readonly Sensitive[] {
  const credentials = requests.map((request) => credentialIn(scheme, request))
  return [
    ...secrets,
    ...credentials.flatMap(({ texts }) => texts.map((text) => labelled('credential', text))),
    ...credentials.flatMap(({ payloads }) => payloads.map((bytes) => labelled('payload', bytes))),
    ...credentials.flatMap(({ inputs }) => inputs.flatMap(expectedMacs)),
  ].filter(({ bytes }) => bytes.length >= SHORTEST)
}

interface Credential {
  /** The credential and its parts, as sent and percent-decoded. */
  readonly texts: readonly string[]
  /** The parts, decoded. */
  readonly payloads: readonly Uint8Array[]
  /** What a signature over it covers. */
  readonly inputs: readonly (string | Uint8Array)[]
}

function credentialIn(scheme: TokenCase['scheme'], request: RawRequest): Credential {
  if (scheme === 'fdback') return detached(request)
  const whole = parametersOf(request, scheme === 'harlyy' ? 'sig' : 'token')
  const texts = [...whole, ...whole.flatMap((text) => text.split('.'))]
  const payloads = texts.map((text) => Buffer.from(text, 'base64'))
  const inputs = whole.map((text) => text.slice(0, Math.max(0, text.lastIndexOf('.'))))
  return { texts, payloads, inputs: [...inputs, ...payloads] }
}

/** Every value that the query has under a name that could be read as `name`, raw and decoded. */
function parametersOf({ target }: RawRequest, name: string): readonly string[] {
  const pairs = target.slice(target.indexOf('?') + 1).split('&')
  const values = pairs
    .map((pair) => /^([^=[]*)[^=]*=(.*)$/s.exec(pair) ?? [])
    .filter(([, sentName = '']) => unescape(sentName) === name)
    .map(([, , value = '']) => value)
  return values.flatMap((value) => [value, unescape(value)])
}

/** Never throws: leaves what is not percent-encoded as it is. */
function unescape(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) =>
    Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'),
  )
}

function detached({ headers = [], body }: RawRequest): Credential {
  const named = (name: string): readonly string[] =>
    headers.filter(([sent]) => sent.toLowerCase() === name).map(([, value]) => value.trim())
  const bytes = Buffer.from(body as Uint8Array) // the fdback cases have a body in bytes
  const inputs = named('x-timestamp').map((time) => Buffer.concat([Buffer.from(`${time}.`), bytes]))
  return { texts: named('x-signature'), payloads: [bytes], inputs }
}

function expectedMacs(input: string | Uint8Array): readonly Sensitive[] {
  return Object.entries(catalogue.secrets).map(([name, secret]) =>
    labelled(`MAC with ${name}`, createHmac('sha256', secret).update(input).digest()),
  )
}

function labelled(label: string, value: string | Uint8Array): Sensitive {
  return { label, bytes: Buffer.from(value) }
}
