import { base64, base64url, base64urlPadded, hex, type Encoding } from '@countersign/core'

/** How an encoding is called in a sentence. */
export function nameOf({ name }: Encoding): string {
  return NAMES[name] ?? name
}

const NAMES: Readonly<Record<string, string>> = {
  [hex.name]: 'lower-case hex',
  [base64.name]: 'base64 with padding',
  [base64url.name]: 'base64url without padding',
  [base64urlPadded.name]: 'base64url',
}

/**
 * Recognizes hex, and base64 in either alphabet, with or without padding.
 * @param wanted where the characters leave it open which alphabet it is, it is this one's
 * @returns how the encoding is called, and what the text decodes to
 */
export function recognize(
  text: string,
  wanted: Encoding,
): { readonly name: string; readonly bytes: Buffer } | undefined {
  if (text === '') return undefined
  const isHex = /^(?:[0-9a-f]{2})+$/i.test(text)
  if (isHex && (text.length >= 32 || wanted.name === hex.name)) {
    const name = text === text.toLowerCase() ? 'lower-case hex' : 'upper-case hex'
    return { name, bytes: Buffer.from(text, 'hex') }
  }
  const match = /^([A-Za-z0-9+/_-]+)(=*)$/.exec(text)
  if (!match) return undefined
  const [, bare = '', padding = ''] = match
  const bytes = Buffer.from(bare, 'base64url') // reads both alphabets
  if (bytes.toString('base64url') !== bare.replaceAll('+', '-').replaceAll('/', '_'))
    return undefined
  return { name: `${alphabetOf(bare, wanted)} ${paddingOf(bare, padding)}`, bytes }
}

function alphabetOf(bare: string, { name }: Encoding): string {
  const known = [/[+/]/.test(bare) && 'base64', /[-_]/.test(bare) && 'base64url']
  const usual = name === base64.name || name === hex.name ? 'base64' : 'base64url'
  return known.filter(Boolean).join(' mixed with ') || usual
}

function paddingOf(bare: string, padding: string): string {
  const needed = (4 - (bare.length % 4)) % 4
  if (padding.length === 0) return needed === 0 ? 'with padding' : 'without padding'
  return padding.length === needed ? 'with padding' : 'with too much padding'
}

/** Text whose last character has bits to spare that are not zero. */
export function hasSpareBits(text: string): boolean {
  const bare = text.replace(/=+$/, '')
  if (!/^[A-Za-z0-9+/_-]+$/.test(bare) || bare.length % 4 < 2) return false
  const bytes = Buffer.from(bare, 'base64url')
  const right = bytes.toString('base64url')
  return right.slice(0, -1) === bare.slice(0, -1).replaceAll('+', '-').replaceAll('/', '_')
}

/** Of the hashes that a signature may be mistaken for, in bytes. */
export const DIGEST_LENGTHS: readonly number[] = [16, 20, 28, 32, 48, 64]
