import type { Codec } from '@countersign/core'
import type { Apart } from '../apart/apart'
import { found, type CauseId, type Facts, type Found } from '../causes'
import { readLoosely } from '../content/json'
import type { Context } from '../context'
import type { Range } from '../given/piece'
import { jsonSpellings, type JsonSpelling } from './json-spellings'

/** Something that may have been signed. */
export interface Input {
  readonly bytes: Buffer
  /** The mistakes of signing it; none for what should have been signed. */
  readonly found: readonly Found[]
}

/** Something that was signed by mistake, for the mistake's sentence. */
export type WrongInput = readonly [id: CauseId, input: string | Uint8Array, facts?: Facts]

export function right(input: string | Uint8Array): Input {
  return { bytes: Buffer.from(input as string), found: [] } // or bytes
}

/** The mistakes are shown at the signature, which was made of the wrong input. */
export function wrong(
  rows: readonly WrongInput[],
  { signature }: Apart,
  { portal }: Context,
): readonly Input[] {
  const input = inputName(portal.scheme.codec)
  return rows.map(([id, bytes, facts]) => ({
    bytes: Buffer.from(bytes as string), // or bytes
    found: [found(id, signature.range, { input, ...facts })],
  }))
}

/** What should be signed, in words. */
export function inputName({ signs }: Codec<unknown>): string {
  return NAMES[signs]
}

const NAMES: Readonly<Record<Codec<unknown>['signs'], string>> = {
  'payload text': 'the encoded payload',
  'payload bytes': 'the JSON',
  'header and payload text': 'the header, ".", and the payload',
  'timestamp and body': 'the timestamp, ".", and the body',
}

/** One claim alone, as an identifier's hash covers it. */
export function claimsAlone({ bytes }: Apart, { portal }: Context): readonly WrongInput[] {
  const claims = bytes ? readLoosely(bytes).value : null
  const { issuedAt, expiresAt } = portal.scheme.claims
  const times = [issuedAt?.claim, expiresAt?.claim]
  return Object.entries(claims ?? {})
    .filter(([, value]) => typeof value === 'number' || (typeof value === 'string' && value !== ''))
    .filter(([name]) => !times.includes(name))
    .map(([name, value]) => ['signed-identifier', String(value), { sent: `the claim "${name}"` }])
}

/** The same claims in every other JSON. */
export function respellings(json: Uint8Array, { portal }: Context): readonly JsonSpelling[] {
  const { value } = readLoosely(json)
  if (value === null) return []
  const names = Object.values(portal.scheme.claims.user).map(({ claim }) => claim)
  return jsonSpellings(value, names)
}

/**
 * @param range of what was sent
 * @param length of what was sent, in bytes
 */
export function otherJson({ text, differs }: JsonSpelling, range: Range, length: number): Found {
  const how = differs === '' ? 'the most compact form' : `the same claims ${differs}`
  const count = Buffer.byteLength(text) - length
  const bytes =
    count === 0 ? 'as many bytes' : `${Math.abs(count)} bytes ${count > 0 ? 'more' : 'fewer'}`
  return found('signed-other-json', range, { sent: `${how} (${bytes})` })
}
