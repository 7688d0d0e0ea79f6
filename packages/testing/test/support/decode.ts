import { createHmac } from 'node:crypto'
import type { WireRequest } from '@countersign/testing'
import { secret, type SampleName } from './mint-portals'

/** What a credential is made of, read by Node's own decoders, which forgive. */
export interface Decoded {
  /** The text, or the signature and the moment for a message. */
  readonly credential: string
  /** What was signed, as JSON. */
  readonly json: string
  readonly signature: Buffer
  /** The signature that would be right. */
  readonly right: Buffer
}

const PARAMETERS: Readonly<Partial<Record<SampleName, string>>> = {
  FeatKit: 'token',
  SeggWat: 'token',
  'SeggWat JWT': 'token',
  Harlyy: 'sig',
  community: 'u',
}

/** The value of the portal's parameter. */
export function parameterIn(name: SampleName, { query }: WireRequest): string {
  const [parameter, value = ''] = query.split('=', 1).concat(query.slice(query.indexOf('=') + 1))
  if (parameter !== PARAMETERS[name]) throw new Error(`"${parameter}" is another parameter`)
  return decodeURIComponent(value)
}

/** Takes a credential apart with no help of the kit. */
export function decoded(name: SampleName, request: WireRequest): Decoded {
  if (name === 'fdback') return message(request)
  const credential = name === 'acme' ? header(request, 'x-acme-user') : parameterIn(name, request)
  const dot = credential.lastIndexOf('.')
  const before = credential.slice(0, dot)
  const payload = before.slice(before.indexOf('.') + 1)
  const bytes = Buffer.from(payload, 'base64') // both alphabets
  const signed = name === 'SeggWat' || name === 'acme' ? bytes : before
  const encoding = name === 'FeatKit' || name === 'community' ? 'hex' : 'base64'
  return {
    credential,
    json: bytes.toString('utf8'),
    signature: Buffer.from(credential.slice(dot + 1), encoding),
    right: hmac(signed),
  }
}

function message(request: WireRequest): Decoded {
  const body = Buffer.from(request.body ?? '')
  const [moment, credential] = [header(request, 'x-timestamp'), header(request, 'x-signature')]
  return {
    credential,
    json: body.toString('utf8'),
    signature: Buffer.from(credential, 'hex'),
    right: hmac(Buffer.concat([Buffer.from(`${moment}.`), body])),
  }
}

export function header({ headers }: WireRequest, name: string): string {
  return headers.find(([sent]) => sent.toLowerCase() === name)?.[1] ?? ''
}

function hmac(input: string | Buffer): Buffer {
  return createHmac('sha256', secret).update(input).digest()
}
