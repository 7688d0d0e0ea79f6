/** A lossless text form of bytes. Decoding is strict: one spelling a value, or `undefined`. */
export interface Encoding {
  readonly name: string
  /** Writes the one accepted spelling. */
  encode(bytes: Uint8Array): string
  /** Reads it back; `undefined` for a foreign character, a wrong length or padding, or spare bits. */
  decode(text: string): Buffer | undefined
}

/** Lower-case hexadecimal, two digits a byte (RFC 4648 section 8, in lower case). */
export const hex: Encoding = {
  name: 'hex',
  encode: (bytes) => asBuffer(bytes).toString('hex'),
  decode: (text) => (/^(?:[0-9a-f]{2})*$/.test(text) ? Buffer.from(text, 'hex') : undefined),
}

/** Standard base64 with padding (RFC 4648 section 4). */
export const base64: Encoding = {
  name: 'base64',
  encode: (bytes) => asBuffer(bytes).toString('base64'),
  decode: (text) => sameWhenWrittenAgain(text, 'base64'),
}

/** URL-safe base64 without padding (RFC 4648 section 5, as RFC 7515 uses it). */
export const base64url: Encoding = {
  name: 'base64url',
  encode: (bytes) => asBuffer(bytes).toString('base64url'),
  decode: (text) => sameWhenWrittenAgain(text, 'base64url'),
}

/** URL-safe base64 written with padding, and read with exactly its padding or with none. */
export const base64urlPadded: Encoding = {
  name: 'base64url, padded',
  encode(bytes) {
    const bare = asBuffer(bytes).toString('base64url')
    return bare + paddingOf(bare)
  },
  decode(text) {
    const bytes = Buffer.from(text, 'base64url')
    const bare = bytes.toString('base64url')
    const spelling = text.length === bare.length ? bare : bare + paddingOf(bare)
    return text === spelling ? bytes : undefined
  },
}

/** Node's decoders forgive; writing the bytes again shows whether they had to. */
function sameWhenWrittenAgain(text: string, encoding: 'base64' | 'base64url'): Buffer | undefined {
  const bytes = Buffer.from(text, encoding)
  return bytes.toString(encoding) === text ? bytes : undefined
}

const PADDINGS = ['', '', '==', '=']

function paddingOf(bare: string): string {
  return PADDINGS[bare.length % 4] as string // base64 never leaves one character over
}

/** The same memory under Node's richer face. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8 bytes as text, a byte order mark included; `undefined` when they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    return undefined
  }
}
