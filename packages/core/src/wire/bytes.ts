/** A lossless text form of bytes. Decoding is strict: each value has one spelling. */
export interface Encoding {
  readonly name: string
  /** Writes the accepted spelling. */
  encode(bytes: Uint8Array): string
  /** @returns `undefined` for a character outside the alphabet, a wrong length or padding, or spare bits */
  decode(text: string): Buffer | undefined
}

/** An encoding in which `node:crypto` can write a hash. No two texts decode to the same bytes. */
export interface DigestEncoding extends Encoding {
  readonly name: 'hex' | 'base64' | 'base64url'
}

/** Lower-case hexadecimal, two digits per byte (RFC 4648 section 8, in lower case). */
export const hex: DigestEncoding = {
  name: 'hex',
  encode: (bytes) => asBuffer(bytes).toString('hex'),
  decode: (text) => (/^(?:[0-9a-f]{2})*$/.test(text) ? Buffer.from(text, 'hex') : undefined),
}

/** Standard base64 with padding (RFC 4648 section 4). */
export const base64: DigestEncoding = strictBase64('base64')

/** URL-safe base64 without padding (RFC 4648 section 5, as RFC 7515 uses it). */
export const base64url: DigestEncoding = strictBase64('base64url')

/** URL-safe base64, written with padding; read with its exact padding or without any. */
export const base64urlPadded: Encoding = {
  name: 'padded base64url',
  encode(bytes) {
    const bare = asBuffer(bytes).toString('base64url')
    return bare + paddingOf(bare)
  },
  decode(text) {
    const bytes = Buffer.from(text, 'base64url')
    const bare = bytes.toString('base64url')
    const padding = text.slice(bare.length)
    const isStrict = text.slice(0, bare.length) === bare
    return isStrict && (padding === '' || padding === paddingOf(bare)) ? bytes : undefined
  },
}

/**
 * Standard base64 in one line, as it is written, or as Ruby's `Base64.encode64` writes it: a line
 * break after every 60 characters and at the end.
 */
export const base64Lines: Encoding = {
  name: 'base64',
  encode: base64.encode,
  decode(text) {
    if (!text.includes('\n')) return base64.decode(text)
    const line = text.replaceAll('\n', '')
    return line.replace(/.{1,60}/g, '$&\n') === text ? base64.decode(line) : undefined
  },
}

/** Node's decoders are lenient; encoding the bytes again shows whether they had to be. */
function strictBase64(name: 'base64' | 'base64url'): DigestEncoding {
  return {
    name,
    encode: (bytes) => asBuffer(bytes).toString(name),
    decode(text) {
      const bytes = Buffer.from(text, name)
      return bytes.toString(name) === text ? bytes : undefined
    },
  }
}

const PADDINGS = ['', '', '==', '=']

function paddingOf(bare: string): string {
  return PADDINGS[bare.length % 4] as string // base64 is never one character longer than a multiple of 4
}

/** The same memory as a `Buffer`. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8 bytes as text, with a byte order mark if there is one; `undefined` when they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  const text = asBuffer(bytes).toString('utf8')
  if (!text.includes('\uFFFD')) return text // nothing was replaced; this is much faster than TextDecoder
  try {
    return strictUtf8.decode(bytes)
  } catch {
    return undefined
  }
}
