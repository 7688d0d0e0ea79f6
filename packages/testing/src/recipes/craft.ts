import type { Encoding, SignedMessage } from '@countersign/core'
import type { WireRequest } from '../minted'
import type { Anatomy, MessageShape, TextShape } from '../minting/anatomy'
import type { Bench } from '../minting/bench'
import type { Recipe } from './recipe'

/** The pieces of a credential of one piece. */
export interface Parts {
  /** A JWT header and its dot, or nothing. */
  readonly head: string
  readonly payload: string
  readonly signature: string
}

export const isText = ({ text }: Anatomy): boolean => text !== undefined
export const isMessage = ({ message }: Anatomy): boolean => message !== undefined
/** How the claims become JSON, and the JSON a credential, is known. */
export const isKnown = (anatomy: Anatomy): boolean => isText(anatomy) || isMessage(anatomy)
export const inParameter = (anatomy: Anatomy): boolean => anatomy.parameter !== undefined

/** @throws TypeError for a recipe that was used where its `needs` forbid it */
function known<Shape>(shape: Shape | undefined): Shape {
  if (shape) return shape
  throw new TypeError('A defect was made for a credential that it does not fit')
}

export function textOf({ anatomy }: Bench): TextShape {
  return known(anatomy.text)
}

export function messageOf({ anatomy }: Bench): MessageShape {
  return known(anatomy.message)
}

export function encodingOf({ anatomy }: Bench): Encoding {
  return known(anatomy.text ?? anatomy.message).signature
}

/** The right one, of a portal that signs messages. */
export function goodMessage({ good }: Bench): SignedMessage {
  return good as SignedMessage // for `needs` has asked for one
}

/** What the right one has signed, as JSON. */
export function goodJson(bench: Bench): string {
  if (bench.anatomy.message) return Buffer.from(goodMessage(bench).body).toString('utf8')
  return JSON.stringify(bench.claims)
}

/** Signs any bytes, as though they were the JSON of claims. */
export function signBytes(bench: Bench, json: Uint8Array): unknown {
  return bench.anatomy.message
    ? signMessage(bench, { body: json })
    : joined(signParts(bench, { json }))
}

/** Signs a message that differs from the right one in what is given. */
export function signMessage(
  bench: Bench,
  change: Partial<Pick<SignedMessage, 'timestamp' | 'body'>>,
): SignedMessage {
  const { key, portal } = bench
  const sent = { ...goodMessage(bench), ...change }
  const mac = portal.scheme.mac.sign(key, [sent.timestamp, '.', sent.body])
  return { ...sent, signature: encodingOf(bench).encode(mac) }
}

interface Unsigned {
  readonly json: Uint8Array
  /** @default the scheme's own encoding of the JSON */
  readonly payload?: string
  /** @default the scheme's own */
  readonly head?: string
}

/** Signs a payload that need not be right. */
export function signParts(bench: Bench, { json, ...given }: Unsigned): Parts {
  const text = textOf(bench)
  const { head = text.head, payload = text.payload.encode(json) } = given
  const input = text.signs === 'text' ? head + payload : json
  const mac = bench.portal.scheme.mac.sign(bench.key, [input])
  return { head, payload, signature: text.signature.encode(mac) }
}

export function joined({ head, payload, signature }: Parts): string {
  return `${head}${payload}.${signature}`
}

/** The right one in pieces, its JSON being `spaces` longer: white space counts for nothing there. */
export function goodParts(bench: Bench, spaces = 0): Parts {
  const json = goodJson(bench)
  const longer = `${json.slice(0, -1)}${' '.repeat(spaces)}}`
  return signParts(bench, { json: Buffer.from(longer, 'utf8') })
}

const MANY = 4_000

/** A right one that happens to look as wanted: white space in the JSON changes all that follows. */
export function seek(bench: Bench, wanted: (parts: Parts) => boolean): Parts {
  for (let spaces = 0; spaces < MANY; spaces++) {
    const parts = goodParts(bench, spaces)
    if (wanted(parts)) return parts
  }
  throw new TypeError('A defect needs a credential that this portal does not make')
}

/** Puts text into the parameter, whatever characters it is of. */
export function placeInParameter(bench: Bench, text: string): WireRequest {
  return withValue(bench, encodeURIComponent(text))
}

/** Puts what is encoded already into the parameter. */
export function withValue(bench: Bench, encoded: string): WireRequest {
  return bench.ask(`${parameterOf(bench)}=${encoded}`)
}

export function parameterOf({ anatomy }: Bench): string {
  return known(anatomy.parameter ?? anatomy.message?.reply)
}

/** The recipe for a credential of one piece that is written in another way. */
export function respelt(
  write: (parts: Parts, bench: Bench) => string,
  needs: Recipe['needs'] = isText,
): Recipe {
  return { needs, how: (bench) => bench.place(write(goodParts(bench), bench)) }
}
