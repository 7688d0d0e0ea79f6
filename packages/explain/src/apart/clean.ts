import { base64 } from '@countersign/core'
import { found, type CauseId, type Found } from '../causes'
import type { Context } from '../context'
import { percentDecoded, type Piece } from '../given/piece'

/** A text without what cannot be part of a credential. */
export interface Cleaned {
  readonly text: Piece
  readonly found: readonly Found[]
}

/** Something that no credential contains, and how to get rid of it. */
interface Stain {
  readonly id: CauseId
  readonly pattern: RegExp
  remove(text: Piece): Piece
}

const removed = (id: CauseId, pattern: RegExp): Stain => ({
  id,
  pattern,
  remove: (text) => text.rewrite(new RegExp(pattern.source, 'gu'), () => ''),
})

/** In the order in which they are removed. */
const STAINS: readonly Stain[] = [
  { id: 'percent-encoded-twice', pattern: /(?:%[0-9A-Fa-f]{2})+/, remove: percentDecoded },
  {
    id: 'html-escaped',
    pattern: /&(?:amp|quot|#x?[0-9A-Fa-f]+);/,
    remove: (text) => text.rewrite(/&(?:amp|quot|#x?[0-9A-Fa-f]+);/g, unescaped),
  },
  {
    id: 'python-bytes',
    pattern: /b'[^']*'|b"[^"]*"/,
    remove: (text) => text.rewrite(/b'[^']*'|b"[^"]*"/g, (match) => match.slice(2, -1)),
  },
  removed('quotes', /^["'`<(“‘]+|["'`>)”’]+$/u),
  removed('nul-character', /\0/),
  {
    id: 'look-alike-characters',
    pattern: /[\u0100-\uFFFC]/,
    remove: (text) => text.rewrite(/[\u0100-\uFFFC]/g, lowByte),
  },
  removed('line-breaks', /[\r\n]+(?=[^\s])(?<!^[\r\n]+)/),
  removed('white-space', /^\s+|\s+$/),
]

/**
 * Removes what does not belong into a credential. White space in its middle may have been a `+` or
 * may have been added, so there can be two results.
 */
export function clean(value: Piece, { portal, format }: Context): readonly Cleaned[] {
  let text = value
  const problems: Found[] = []
  for (const { id, pattern, remove } of stainsFor(value)) {
    for (let rounds = 0; rounds < 3 && pattern.test(text.text); rounds++) {
      if (rounds === 0)
        problems.push(found(id, text.find(pattern), { sent: sentOf(text, pattern) }))
      text = remove(text)
    }
  }
  if (!/\s/.test(text.text)) return [{ text, found: problems }]
  const range = text.find(/\s/)
  const without = {
    text: text.rewrite(/\s/g, () => ''),
    found: [...problems, found('white-space', range)],
  }
  const hasPlus = [format.encoding, portal.scheme.codec.signature].some(
    (each) => each?.name === base64.name,
  )
  if (!hasPlus) return [without]
  const withPlus = text.rewrite(/\s/g, () => '+')
  return [{ text: withPlus, found: [...problems, found('plus-became-space', range)] }, without]
}

/** JSON that was not encoded contains quotes and anything else. */
function stainsFor({ text }: Piece): readonly Stain[] {
  return /^\s*\{/.test(text) ? [] : STAINS
}

function sentOf({ text }: Piece, pattern: RegExp): string {
  return pattern.exec(text)?.[0].slice(0, 12) ?? ''
}

const ESCAPES: Readonly<Record<string, string>> = { '&amp;': '&', '&quot;': '"' }

function unescaped(escape: string): string {
  const code = /^&#(x?)([0-9A-Fa-f]+);$/.exec(escape)
  if (!code) return ESCAPES[escape] ?? escape
  return String.fromCharCode(Number.parseInt(code[2] ?? '', code[1] ? 16 : 10))
}

/** Full-width letters and characters that only end in the right byte; anything else goes. */
function lowByte(character: string): string {
  const byte = String.fromCharCode(character.charCodeAt(0) & 0xff)
  const plain = character.normalize('NFKC')
  if (/^[\w+/=.-]$/.test(plain)) return plain
  return character < '\u0200' && /[\w+/=.-]/.test(byte) ? byte : ''
}
