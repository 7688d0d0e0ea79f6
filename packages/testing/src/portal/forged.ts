import type { Ask } from '../cases/stage'
import type { WireHeader } from '../minted'

/** How far from the end of a credential it is altered: in its signature, before any padding. */
const FROM_END = 9

/**
 * The same request with one character of its signature altered, and nothing else: what it says stays,
 * its nonce included.
 */
export function forgedFrom(ask: Ask): Ask {
  const credential = longest(ask.headers)
  if (ask.query !== '') return { ...ask, query: altered(ask.query) }
  const headers = ask.headers.map((header): WireHeader =>
    header === credential ? [header[0], altered(header[1])] : header,
  )
  return { ...ask, headers }
}

/** A signature is longer than anything else beside it. */
function longest(headers: readonly WireHeader[]): WireHeader | undefined {
  return [...headers].sort(([, one], [, other]) => other.length - one.length)[0]
}

function altered(text: string): string {
  const end = text.length - FROM_END
  const at = Array.from({ length: Math.max(0, end) }, (_, index) => end - index).find((index) =>
    isLetter(text, index),
  )
  if (at === undefined) throw new TypeError('There is no credential to alter')
  return text.slice(0, at) + otherThan(text[at] ?? '') + text.slice(at + 1)
}

/** No part of an escape. */
function isLetter(text: string, index: number): boolean {
  return /[0-9A-Za-z]/.test(text[index] ?? '') && !text.slice(index - 2, index).includes('%')
}

/** Of the same kind, so that it stays in every alphabet. */
function otherThan(character: string): string {
  if (/[0-9]/.test(character)) return character === '0' ? '1' : '0'
  if (/[a-z]/.test(character)) return character === 'a' ? 'b' : 'a'
  return character === 'A' ? 'B' : 'A'
}
