import { base64, hex, type Encoding } from './bytes'
import { compact, malformed, type Codec, type CompactOptions } from './codec'

/**
 * `payload.signature` where the payload is a form (`name=Ada&email=…`) and not JSON. All of its
 * claims are text.
 */
export function compactForm(options: CompactOptions): Codec<string> {
  const codec = compact(options)
  return {
    ...codec,
    payload: null,
    open: (value) => ({ ...codec.open(value), content: 'form' }),
    seal(claims) {
      const form = new URLSearchParams(claims as Record<string, string>) // all of them are text
      const bytes = Buffer.from(form.toString())
      const text = options.payload.encode(bytes)
      return {
        input: [options.signs === 'text' ? text : bytes],
        finish: (signature) => `${text}.${signature}`,
      }
    },
  }
}

/**
 * An identifier and its signature in lower-case hex, as `identifier.signature`. It vouches for
 * nothing but the identifier.
 */
export function hashedIdentifier(claim: string): Codec<string> {
  return {
    compact: true,
    payload: null,
    signature: hex,
    signs: 'payload text',
    header: null,
    shape: /^[^]+\.[^.]{64}$/,
    open(value) {
      const dot = value.lastIndexOf('.')
      const identifier = value.slice(0, dot)
      const signature = value.slice(dot + 1)
      if (dot < 1) return malformed('there is no "." between an identifier and a signature')
      const payload = Buffer.from(JSON.stringify({ [claim]: identifier }))
      return { tenant: null, input: [identifier], signature, payload, beside: null }
    },
    seal(claims) {
      const identifier = String(claims[claim])
      return { input: [identifier], finish: (signature) => `${identifier}.${signature}` }
    },
  }
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
