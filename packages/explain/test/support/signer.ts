import { createHash, createHmac } from 'node:crypto'
import { base64, base64url, hex, type Encoding } from '@countersign/core'
import type { CauseId } from '../../src'
import { portals, secret, type Name } from './portals'

/** The steps of a signer in which something can be wrong. */
export interface Wrong {
  readonly secret: keyof typeof SECRETS
  readonly mac: keyof typeof MACS
  readonly input: keyof typeof INPUTS
  readonly spelling: keyof typeof SPELLINGS
  readonly claims: keyof typeof CLAIMS
}

export const NOW = 1_789_000_000_000
const iat = NOW / 1000

const SECRETS = {
  right: (text: string): string | Buffer => text,
  'secret-white-space': (text: string) => `${text}\n`,
  'secret-quoted': (text: string) => `"${text}"`,
  'secret-converted: base64': (text: string) => Buffer.from(text).toString('base64'),
  'secret-converted: hash': (text: string) => createHash('sha256').update(text).digest(),
  'secret-converted: prefix': (text: string) => `whsec_${text}`,
  'secret-missing': () => 'undefined',
}

const MACS = {
  right: (key: string | Buffer, input: string) => createHmac('sha256', key).update(input).digest(),
  'mac-hash': (key: string | Buffer, input: string) =>
    createHmac('sha1', key).update(input).digest(),
  'mac-swapped': (key: string | Buffer, input: string) =>
    createHmac('sha256', input).update(key).digest(),
  'mac-unkeyed': (key: string | Buffer, input: string) =>
    createHash('sha256').update(key).update(input).digest(),
}

/** What is signed, of what should be signed and the JSON in it. */
const INPUTS = {
  right: (input: string) => input,
  'signed-line-break': (input: string) => `${input}\n`,
  'signed-other': (input: string) => JSON.stringify(input),
  'signed-other-json': (input: string, json: string, write: (json: string) => string) =>
    write(JSON.stringify(JSON.parse(json), null, 2)),
}

const SPELLINGS = {
  right: (mac: Buffer, wanted: Encoding) => wanted.encode(mac),
  'signature-encoding': (mac: Buffer, wanted: Encoding) =>
    (wanted.name === hex.name ? base64 : hex).encode(mac),
  'signature-encoded-twice': (mac: Buffer, wanted: Encoding) =>
    (wanted.name === hex.name ? base64url : wanted).encode(Buffer.from(mac.toString('hex'))),
}

type Claims = Readonly<Record<string, unknown>>

/** Each wrong in one claim, so that it fits every portal. */
const CLAIMS = {
  right: (claims: Claims) => claims,
  'time-unit': (claims: Claims, end: string, unit: number) => ({
    ...claims,
    [end]: Number(claims[end]) * (unit === 1000 ? 1000 : 0.001),
  }),
  expired: (claims: Claims, end: string, unit: number) => ({
    ...claims,
    [end]: (NOW - 1000) / unit,
  }),
}

export const WRONG = {
  secret: Object.keys(SECRETS),
  mac: Object.keys(MACS),
  input: Object.keys(INPUTS),
  spelling: Object.keys(SPELLINGS),
  claims: Object.keys(CLAIMS),
} as unknown as { readonly [Step in keyof Wrong]: readonly Wrong[Step][] } // of the tables

export const RIGHT: Wrong = {
  secret: 'right',
  mac: 'right',
  input: 'right',
  spelling: 'right',
  claims: 'right',
}

export interface Person {
  readonly id: string
  readonly name: string
}

/** Signs as an application without this library does. @returns a query, or a request as text */
export function signedBy(portal: Name, person: Person, wrong: Wrong): string {
  const { codec } = portals[portal].scheme
  const { claims, end, unit } = claimsOf(portal, person)
  const said = end === '' ? claims : CLAIMS[wrong.claims](claims, end, unit)
  const json = JSON.stringify(said)
  const time =
    wrong.claims === 'right' || end !== '' ? NOW : wrong.claims === 'expired' ? NOW - 400_000 : iat
  const text = (each: string): string => codec.payload?.encode(Buffer.from(each)) ?? each
  const inputOf = (each: string): string => {
    if (codec.signs === 'payload bytes') return each
    if (codec.signs === 'timestamp and body') return `${time}.${each}`
    return codec.header === null ? text(each) : `${String(codec.header)}.${text(each)}`
  }
  const input = INPUTS[wrong.input](inputOf(json), json, inputOf)
  const mac = MACS[wrong.mac](SECRETS[wrong.secret](secret), input)
  const signature = SPELLINGS[wrong.spelling](mac, codec.signature)
  if (portal === 'fdback') {
    return `POST / HTTP/1.1\nx-workspace-id: ws_demo\nx-timestamp: ${time}\nx-signature: ${signature}\n\n${json}`
  }
  const token = [codec.header, text(json), signature].filter((each) => each !== null).join('.')
  return `?${portal === 'harlyy' ? 'sig' : 'token'}=${encodeURIComponent(token)}`
}

/** @returns `end`: the claim that says when it ends, empty for fdback; `unit`: of it, in milliseconds */
function claimsOf(portal: Name, { id, name }: Person) {
  if (portal === 'featkit') {
    return {
      claims: { user_id: id, email: null, name, timestamp: iat - 60, expires: iat + 60 },
      end: 'expires',
      unit: 1000,
    }
  }
  if (portal === 'harlyy') return { claims: { nonce: id, exp: NOW + 60_000 }, end: 'exp', unit: 1 }
  if (portal === 'fdback') return { claims: { email: 'ada@example.com', name }, end: '', unit: 1 }
  return {
    claims: { sub: id, name, exp: iat + 60, iat: iat - 60, project_key: 'abc123' },
    end: 'exp',
    unit: 1000,
  }
}

/** @returns their names up to a colon, which the tables use for kinds of one mistake */
export function causesOf(wrong: Wrong): readonly CauseId[] {
  const names = Object.values(wrong).filter((each) => each !== 'right')
  return names.map((each) => each.replace(/:.*/, '') as CauseId)
}
