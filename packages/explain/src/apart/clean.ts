import { base64 } from '@countersign/core'
import { noteIn, type CauseId, type Found } from '../causes'
import type { Context } from '../context'
import type { Segments } from './segments'
import { percentDecoded } from '../given/text'

/** What no credential contains, and what it stands for, in the order in which it is replaced. */
const STAINS: readonly (readonly [
  id: CauseId,
  pattern: RegExp,
  write?: (match: string) => string,
])[] = [
  ['percent-encoded-twice', /(?:%[0-9A-Fa-f]{2})+/, percentDecoded],
  ['html-escaped', /&(?:amp|quot|#x?[0-9A-Fa-f]+);/, unescaped],
  ['python-bytes', /b'[^']*'|b"[^"]*"/, (match) => match.slice(2, -1)],
  ['quotes', /^(?:["'`<(“‘]|[Bb]earer )+|["'`>)”’]+$/],
  ['nul-character', /\0/],
  ['look-alike-characters', /[\u0100-\uFFFC]/, lowByte],
  ['line-breaks', /[\r\n]+(?=[^\s])(?<!^[\r\n]+)/],
  ['white-space', /^\s+|\s+$/],
]

/**
 * Removes what does not belong into a credential. White space in its middle may have been a `+` or
 * may have been added, so there can be two results.
 */
export function clean(
  value: string,
  { portal, encoding }: Context,
): readonly (Pick<Segments, 'found'> & { readonly text: string })[] {
  let text = value
  const found: Found[] = []
  const isJson = /^\s*\{/.test(value) // not encoded: it contains quotes and anything else
  for (const [id, pattern, write = () => ''] of isJson ? [] : STAINS) {
    for (let rounds = 0; rounds < 3 && pattern.test(text); rounds++) {
      const { 0: sent, index } = pattern.exec(text) as RegExpExecArray // it has matched
      const at = [text, index, index + sent.length] as const
      if (rounds === 0) noteIn(found)(id, at, { sent: sent.slice(0, 12) })
      text = text.replaceAll(new RegExp(pattern.source, 'gu'), write)
    }
  }
  if (!/\s/.test(text)) return [{ text, found }]
  const hasPlus = [encoding, portal.scheme.codec.signature].some(
    (each) => each?.name === base64.name,
  )
  const space = text.search(/\s/)
  const readings = [
    ...(hasPlus ? [['plus-became-space', '+'] as const] : []),
    ['white-space', ''] as const,
  ]
  return readings.map(([id, written]) => ({
    text: text.replaceAll(/\s/g, written),
    found: [...found, { id, at: [text, space, space + 1], facts: {} }],
  }))
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
