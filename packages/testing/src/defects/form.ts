import { base64, hex, Key, MAC_LENGTH, type Encoding } from '@countersign/core'
import { joined } from '../minting/forge'
import { isKnown, isText } from '../minting/format'
import { pair } from '../minting/place'
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

export const signedWith = (secret: string): Recipe => ({
  mac: ({ input }) =>
    new Key(Buffer.from(secret), { id: null, notAfter: Infinity }).hmac('sha256', input),
})

const flippedBit: Recipe = {
  mac({ input }, { key }) {
    const bytes = key.hmac('sha256', input)
    bytes[MAC_LENGTH - 1] = (bytes[MAC_LENGTH - 1] ?? 0) ^ 1
    return bytes
  },
}

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

/** The signature in other characters. @param inHex whether the portal's must be hex, or must not */
const spelled = (signature: NonNullable<Recipe['signature']>, inHex?: boolean): Recipe => ({
  signature,
  needs: (portal) =>
    isKnown(portal) && [undefined, portal.scheme.codec.signature.name === hex.name].includes(inHex),
})

const lookAlike: Recipe = {
  needs: isText,
  signature: (text) =>
    text.replaceAll(/\w/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0x100)),
  query: pair,
}

const spaced: Recipe = {
  parts: ({ payload }) => ({ payload: `${payload.slice(0, 4)} ${payload.slice(4)}` }),
  query: pair,
}

const plusAsSpace: Recipe = {
  needs: (portal) => {
    const { payload, signature } = portal.scheme.codec
    return isText(portal) && [payload?.name, signature.name].includes(base64.name)
  },
  claims: (claims, { portal }) =>
    withClaim(claims, whose(portal), `${String(claims[whose(portal)?.claim ?? ''])}>>>>>`), // a plus in base64
  query: (name, text) => pair(name, text.replaceAll('+', ' ')),
}

export const formRows = {
  ...rows('signature_invalid', 'a way in', {
    wrongSecret: ['signed with another secret', signedWith(testSecret('of another app'))],
    emptySecret: ['signed with an empty secret', signedWith('')],
    tampered: ['whose time was changed after signing', tampered],
    otherUser: ['with the signature of another user', otherUser],
    tamperedSignatureEnd: ['with a wrong bit at the end of its signature', flippedBit],
    zeroSignature: ['whose signature is all zeros', { mac: () => Buffer.alloc(MAC_LENGTH) }],
    otherSigningInput: ['whose signature covers the wrong part of it', otherSigningInput],
  }),
  ...rows('token_malformed', 'a way in', {
    truncatedSignature: ['with half of its signature', spelled(half)],
    missingSignature: ['without a signature', { text: ({ head, payload }) => head + payload }],
  }),
  ...rows('token_malformed', 'strictness', {
    paddedSignature: ['with `=` after its signature', spelled((text) => `${text}=`)],
    signatureSpareBits: [
      'with unused bits set at the end of its signature',
      spelled(withSpareBit, false),
    ],
    lookAlikeSignature: ['with a signature in look-alike characters', lookAlike],
    payloadSpace: ['with a space in its payload', spaced],
    plusAsSpace: ['in which each `+` became a space', plusAsSpace],
    duplicateMember: [
      'with each member twice',
      { json: (it) => `${it.slice(0, -1)},${it.slice(1)}` },
    ],
    bom: ['with a byte order mark', { json: (json) => `\uFEFF${json}` }],
    invalidUtf8: [
      'with a byte that is not UTF-8',
      { json: (json) => Buffer.from(`${json.slice(0, -1)},"x":"\xFF"}`, 'latin1') },
    ],
    extendedSignature: ['with text after its signature', spelled((text) => `${text}zz`), 'rare'],
    upperCaseSignature: [
      'signed in upper-case hex',
      spelled((it) => it.toUpperCase(), true),
      'rare',
    ],
    extraSegment: [
      'with one segment more',
      { text: (it) => `${joined(it)}.${it.signature}` },
      'rare',
    ],
    protoMember: [
      'with a member `__proto__`',
      { json: (it) => `{"__proto__":{},${it.slice(1)}` },
      'rare',
    ],
  }),
  ...rows('token_malformed', 'a broken promise', {
    notJson: ['of signed text that is not JSON', { json: () => 'not json' }],
    arrayPayload: [
      'of a signed list instead of an object',
      { json: (json) => `[${json}]` },
      'rare',
    ],
    nullPayload: ['of a signed `null` instead of an object', { json: () => 'null' }, 'rare'],
  }),
}

function half(text: string, encoding: Encoding): string {
  const bytes = encoding.decode(text) ?? Buffer.alloc(0)
  return encoding.encode(bytes.subarray(0, MAC_LENGTH / 2))
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Base64 with a bit set in its last character that no byte is made of: a MAC leaves two of them. */
function withSpareBit(text: string): string {
  const end = text.replace(/=+$/, '').length
  const last = ALPHABET.indexOf(text[end - 1] as string) // spare bits are zero, so it is no symbol
  return text.slice(0, end - 1) + ALPHABET[last + 1] + text.slice(end)
}
