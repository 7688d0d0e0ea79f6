import { createHmac, createSecretKey, generateKeyPairSync } from 'node:crypto'
import { LIMITS } from '@countersign/core'
import jsonwebtoken, { type Algorithm } from 'jsonwebtoken'
import { isJwt, parameterOf } from '../minting/format'
import type { Material } from '../minting/material'
import { testSecret } from '../test-secret'
import { rows, type Recipe } from './defect'
import { inParameter, joined, rewritten, signParts, validJson, validParts } from './pieces'

const token = (write: (material: Material) => string): Recipe => ({
  needs: isJwt,
  make: (material) => material.place(write(material)),
})

/** A header as a library writes it, under a right signature. */
const header = (members: object): Recipe =>
  token((material) => signedAgain(material, byLibrary(material, 'HS256', members)))

/** A header as no library would write it, under a right signature. */
const encodedHeader = (text: string): Recipe => token((material) => withHead(material, text))

const rawHeader = (text: string | Uint8Array): Recipe => encodedHeader(base64url(text))

const algorithm = (alg: unknown): Recipe => rawHeader(JSON.stringify({ alg, typ: 'JWT' }))

/** Signed with the right secret, and with a hash that was not agreed on. */
const hashed = (hash: string, name: Algorithm): Recipe =>
  token((material) => {
    const input = signingInput(byLibrary(material, name, {}))
    return `${input}.${material.key.hmac(hash, [input]).toString('base64url')}`
  })

const ATTACKER = testSecret('of an attacker')
const USUAL = '{"alg":"HS256","typ":"JWT"}'

const inJson: Recipe = {
  needs: (portal) => isJwt(portal) && parameterOf(portal) !== undefined,
  make: (material) => inParameter(material, asJson(material)),
}

export const jwtRows = {
  ...rows('token_malformed', 'a way in', {
    algNone: ['with the algorithm `none` and no signature', token(unsigned)],
    jwk: ['signed with a key in its own header', token(signedWithOwnKey)],
  }),
  ...rows('algorithm_not_allowed', 'a broken promise', {
    algNoneSigned: ['with the algorithm `none` and a right signature', token(signedAsNone)],
    algConfusion: ['that names RS256 over an HMAC of the secret', algorithm('RS256')],
    algNoneMixedCase: ['with the algorithm `nOnE`', algorithm('nOnE')],
  }),
  ...rows('token_malformed', 'strictness', {
    crit: ['with a critical extension', header({ crit: ['exp'] })],
    b64: ['that says its payload is not encoded', header({ b64: false })],
    zip: ['that says its payload is compressed', header({ zip: 'DEF' })],
    cty: ['that says its payload is another token', header({ cty: 'JWT' })],
    enc: ['that says it is encrypted', header({ enc: 'A128GCM' })],
    jku: ['with the URL of a key', header({ jku: 'https://attacker.example/keys' })],
    x5u: ['with the URL of a certificate', header({ x5u: 'https://attacker.example/c' })],
    x5c: ['with a certificate', header({ x5c: ['MIIB'] })],
    headerMember: ['with an unknown header member', header({ iss: 'someone' })],
    typWrong: ['whose type is not JWT', header({ typ: 'JWE' })],
    typNumber: ['whose type is a number', header({ typ: 1 })],
    kidNumber: ['whose key id is a number', header({ kid: 1 })],
    kidTooLong: ['whose key id is too long', header({ kid: 'k'.repeat(LIMITS.keyId + 1) })],
    duplicateAlg: ['with two algorithms', rawHeader(`{"alg":"none",${USUAL.slice(1)}`)],
    escapedDuplicateAlg: [
      'with two algorithms, one under an escaped name',
      rawHeader(`{"\\u0061lg":"none",${USUAL.slice(1)}`),
    ],
    protoHeader: [
      'with a header member `__proto__`',
      rawHeader('{"__proto__":{"alg":"HS256"},"alg":"HS256"}'),
    ],
    headerBom: ['with a byte order mark in its header', rawHeader(`\uFEFF${USUAL}`)],
    headerInvalidUtf8: [
      'with a byte in its header that is not UTF-8',
      rawHeader(Buffer.from('{"alg":"HS256","kid":"\xFF"}', 'latin1')),
    ],
    headerNull: ['whose header is `null`', rawHeader('null')],
    headerTooLong: ['whose header is too long', rawHeader(USUAL + ' '.repeat(LIMITS.jwtHeader))],
    headerPadded: ['whose header is padded', encodedHeader(`${base64url('{"alg":"HS256"}')}=`)],
    emptyHeader: ['with nothing before its first dot', encodedHeader('')],
    missingHeader: [
      'without its header',
      rewritten(({ payload, signature }) => `${payload}.${signature}`, isJwt),
    ],
    detachedPayload: [
      'without its payload',
      rewritten(({ head, signature }) => `${head}.${signature}`, isJwt),
    ],
    jsonSerialization: ['in JSON instead of compact form', inJson],
  }),
  ...rows('algorithm_not_allowed', 'a way in', {
    algEs256: ['signed with a private key (ES256)', token(signedWithPrivateKey)],
  }),
  ...rows('signature_invalid', 'a way in', {
    kidPath: ['signed with an empty file that its key id names', token(signedByAnEmptyFile)],
  }),
  ...rows('algorithm_not_allowed', 'strictness', {
    algHs384: ['signed with HS384', hashed('sha384', 'HS384')],
    algHs512: ['signed with HS512', hashed('sha512', 'HS512')],
    algLowerCase: ['whose algorithm is `hs256`', algorithm('hs256')],
    algSpace: ['whose algorithm ends with a space', algorithm('HS256 ')],
    algList: ['whose algorithm is a list', algorithm(['HS256'])],
    algMissing: ['without an algorithm', algorithm(undefined)],
  }),
}

function unsigned(material: Material): string {
  return jsonwebtoken.sign(validJson(material), '', { algorithm: 'none' })
}

function signedAsNone(material: Material): string {
  return signedAgain(material, byLibrary(material, 'none', {}))
}

function signedWithOwnKey(material: Material): string {
  return byLibrary(material, 'HS256', { jwk: { kty: 'oct', k: base64url(ATTACKER) } })
}

function signedWithPrivateKey(material: Material): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return jsonwebtoken.sign(validJson(material), privateKey, { algorithm: 'ES256' })
}

/** The valid payload under the attacker's secret. */
function byLibrary(material: Material, name: Algorithm, members: object): string {
  const secret = name === 'none' ? '' : createSecretKey(Buffer.from(ATTACKER))
  const all = { alg: name, typ: 'JWT', ...members }
  return jsonwebtoken.sign(validJson(material), secret, { algorithm: name, header: all })
}

/** Exchanges the signature for a right one. */
function signedAgain(material: Material, text: string): string {
  return withHead(material, text.slice(0, text.indexOf('.')))
}

function withHead(material: Material, head: string): string {
  return joined(signParts(material, validJson(material), { head: `${head}.` }))
}

function signingInput(text: string): string {
  return text.slice(0, text.lastIndexOf('.'))
}

/** For a verifier that reads the key from a file named by the token. */
function signedByAnEmptyFile(material: Material): string {
  const input = signingInput(byLibrary(material, 'HS256', { kid: '../../dev/null' }))
  return `${input}.${createHmac('sha256', '').update(input).digest('base64url')}`
}

/** Flattened JWS JSON serialization (RFC 7515 section 7.2.2). */
function asJson(material: Material): string {
  const { head, payload, signature } = validParts(material)
  return JSON.stringify({ payload, protected: head.slice(0, -1), signature })
}

function base64url(text: string | Uint8Array): string {
  return Buffer.from(text as string).toString('base64url') // or bytes
}
