import { base64url, hex, Key, MAC_LENGTH, type Encoding, type Portal } from '@countersign/core'
import { isKnown, isMessage, isText } from '../minting/format'
import { joined } from '../minting/forge'
import { testSecret } from '../test-secret'
import {
  endField,
  registered,
  rows,
  userField,
  withClaim,
  type FieldOf,
  type Recipe,
} from './defect'

const isHex = ({ scheme }: Portal): boolean => scheme.codec.signature.name === hex.name

const signedWith = (secret: string): Recipe => ({
  mac: ({ input }) =>
    new Key(Buffer.from(secret), { id: null, notAfter: Infinity }).hmac('sha256', input),
})

const flippedBit = (at: number): Recipe => ({
  mac({ input }, { key }) {
    const bytes = key.hmac('sha256', input)
    bytes[at] = (bytes[at] ?? 0) ^ 1
    return bytes
  },
})

/** The field that distinguishes one user's credential from another's. */
const whose: FieldOf = (portal) => userField('id')(portal) ?? registered('nonce')(portal)

/** Ends, or was issued, a second later than signed. */
const tampered: Recipe = {
  needs: (portal) => endField(portal) !== undefined,
  swapped(claims, { portal }) {
    const field = endField(portal)
    const time = (field?.read(claims[field.claim]) as number) + 1_000 // a time is read as milliseconds
    return withClaim(claims, field, field?.write(time as never)) // and written from them
  },
}

const otherUser: Recipe = {
  needs: (portal) => whose(portal) !== undefined,
  swapped: (claims, { portal }) =>
    withClaim(claims, whose(portal), `x${String(claims[whose(portal)?.claim ?? ''])}`),
}

/** What other schemes sign: the JSON for the text, the text for the JSON, the body alone. */
const otherSigningInput: Recipe = {
  needs: isKnown,
  mac: ({ json = '', payload = '' }, { key, portal }) =>
    key.hmac('sha256', [portal.scheme.codec.signs === 'payload bytes' ? payload : json]),
}

/** The signature in other characters. */
const spelled = (
  signature: Required<Recipe>['signature'],
  needs: (portal: Portal) => boolean = isKnown,
): Recipe => ({ signature, needs })

const lookAlike: Recipe = {
  needs: isText,
  signature: (text) =>
    text.replaceAll(/\w/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0x100)),
  value: (text) => text,
}

export const signatureRows = {
  ...rows('signature_invalid', 'a way in', {
    wrongSecret: ['signed with another secret', signedWith(testSecret('of another app'))],
    emptySecret: ['signed with an empty secret', signedWith('')],
    tampered: ['whose time was changed after signing', tampered],
    otherUser: ['of a user under another user’s signature', otherUser],
    tamperedSignatureEnd: ['with a wrong bit at the end of its signature', flippedBit(31)],
    zeroSignature: ['whose signature is all zeros', { mac: () => Buffer.alloc(MAC_LENGTH) }],
    otherSigningInput: ['whose signature covers the wrong part of it', otherSigningInput],
    tamperedSignature: ['with a wrong bit at the start of its signature', flippedBit(0)],
    otherHash: [
      'signed with another hash, cut to the right length',
      { mac: ({ input }, { key }) => key.hmac('sha512', input).subarray(0, MAC_LENGTH) },
    ],
  }),
  ...rows('token_malformed', 'a way in', {
    truncatedSignature: ['with half of its signature', spelled(half)],
    missingSignature: ['without a signature', { text: ({ head, payload }) => head + payload }],
  }),
  ...rows('token_malformed', 'strictness', {
    paddedSignature: ['with `=` after its signature', spelled((text) => `${text}=`)],
    signatureSpareBits: [
      'with unused bits set at the end of its signature',
      spelled(withSpareBit, (portal) => isKnown(portal) && !isHex(portal)),
    ],
    lookAlikeSignature: ['signed in characters with the same low bytes', lookAlike],
    extendedSignature: ['with text after its signature', spelled((text) => `${text}zz`)],
    upperCaseSignature: [
      'signed in upper-case hex',
      spelled(
        (text) => text.toUpperCase(),
        (portal) => isKnown(portal) && isHex(portal),
      ),
    ],
    signatureAlphabet: [
      'signed in the other base64 alphabet',
      spelled(inOtherAlphabet, (portal) => isText(portal) && !isHex(portal)),
    ],
    signatureEncoding: ['signed in hex instead of base64, or the reverse', spelled(reencoded)],
  }),
}

/** With a character after the fourth one of the payload. */
const inserted = (character: string): Recipe => ({
  payload: (text) => text.slice(0, 4) + character + text.slice(4),
  value: (text) => text,
})

/** True for base64, with or without padding. */
const isBase64: Recipe['needs'] = ({ scheme: { codec } }) => codec.payload?.name !== hex.name

export const textRows = {
  ...rows('token_malformed', 'strictness', {
    payloadSpace: ['with a space in its payload', inserted(' ')],
    extraSegment: ['with one segment more', { text: (it) => `${joined(it)}.${it.signature}` }],
    payloadLineBreak: ['with a line break in its payload', inserted('\n')],
    emptyPayload: ['with an empty payload', { json: () => '', needs: isNotMessage }],
    swappedSegments: [
      'with its signature before its payload',
      { text: ({ head, payload, signature }) => `${head}${signature}.${payload}` },
    ],
    paddedPayload: ['whose payload is padded too much', { payload: overPadded, needs: isBase64 }],
    payloadSpareBits: [
      'whose payload has unused bits set',
      { payload: withSpareBit, needs: isBase64 },
    ],
  }),
}

function isNotMessage(portal: Portal): boolean {
  return !isMessage(portal)
}

function half(text: string, encoding: Encoding): string {
  return encoding.encode(bytesIn(text, encoding).subarray(0, MAC_LENGTH / 2))
}

function reencoded(text: string, encoding: Encoding): string {
  return (encoding.name === hex.name ? base64url : hex).encode(bytesIn(text, encoding))
}

function bytesIn(text: string, encoding: Encoding): Buffer {
  return encoding.decode(text) ?? Buffer.alloc(0)
}

function inOtherAlphabet(text: string): string | undefined {
  if (!/[-_+/]/.test(text)) return undefined
  return text.replaceAll(/[-_+/]/g, (each) => '+/-_'['-_+/'.indexOf(each)] as string) // it has all four
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Base64 with a bit set in its last character that no byte is made of, where it has such bits. */
function withSpareBit(text: string): string | undefined {
  const end = text.replace(/=+$/, '').length
  if (end % 4 < 2) return undefined
  const last = ALPHABET.indexOf(text[end - 1] as string) // spare bits are zero, so it is no symbol
  return text.slice(0, end - 1) + ALPHABET[last + 1] + text.slice(end)
}

/** Padded to four characters where the encoding has no padding, and beyond four where it has. */
function overPadded(text: string, { name }: Encoding): string | undefined {
  if (name !== base64url.name) return `${text}====`
  return text.length % 4 === 0 ? undefined : text + '='.repeat(-text.length & 3)
}
