import type { RequestView } from '@countersign/core'
import type { Piece } from './piece'

/** A request, or what stands for one. Everything in it knows where it was in the given text. */
export interface Sent {
  /** What was given, as text. */
  readonly text: string
  readonly method: string
  /** Path and query, as the verifier receives them. */
  readonly target: string
  readonly parameters: readonly Parameter[]
  /** What follows `#` in a URL, which browsers keep to themselves; `null` for none. */
  readonly fragment: Piece | null
  readonly headers: readonly Header[]
  readonly body: Piece
  readonly bytes: Uint8Array
  /** The credential itself, where nothing else was given. */
  readonly alone?: Piece
}

/** A parameter of the query. */
export interface Parameter {
  /** Decoded. */
  readonly name: string
  /** Percent-decoded once. */
  readonly value: Piece
  /** The whole pair. */
  readonly pair: Piece
}

export interface Header {
  readonly name: Piece
  readonly value: Piece
}

/** The request as core reads it. */
export function viewOf({ method, target, headers, bytes }: Sent): RequestView {
  return {
    method,
    target,
    headers: (name) => valuesOf(headers, name).map(({ text }) => text),
    body: () => bytes,
    native: undefined,
  }
}

export function valuesOf(headers: readonly Header[], name: string): readonly Piece[] {
  return headers
    .filter((header) => header.name.text.toLowerCase() === name)
    .map(({ value }) => value)
}
