import { createHmac, createSecretKey, generateKeyPairSync } from 'node:crypto'
import { LIMITS } from '@countersign/core'
import { sign as signJwt, type Algorithm } from 'jsonwebtoken'
import type { Anatomy } from '../minting/anatomy'
import type { Bench } from '../minting/bench'
import { testSecret } from '../test-secret'
import { goodJson, goodParts, joined, placeInParameter, respelt, signParts } from './craft'
import type { Recipe, Recipes } from './recipe'

/** A header in front of the payload that names the algorithm, and signed with it. */
const isJwt = ({ text }: Anatomy): boolean =>
  text?.signs === 'text' &&
  Buffer.from(text.head, 'base64url').toString('latin1').includes('"alg":"HS256"')

const forged = (write: (bench: Bench) => string): Recipe => ({
  needs: isJwt,
  how: (bench) => bench.place(write(bench)),
})

/** A header as a library writes it, and a right signature under it. */
const headed = (members: object): Recipe =>
  forged((bench) => signedAgain(bench, byLibrary(bench, 'HS256', members)))

/** A header as no library would write it, and a right signature under it. */
const rawHeaded = (header: string | Uint8Array): Recipe =>
  forged((bench) => joined(headedParts(bench, base64url(header))))

const withAlg = (alg: unknown): Recipe => rawHeaded(JSON.stringify({ alg, typ: 'JWT' }))

/** Signed by the right secret, with a hash that was not agreed on. */
const hashed = (hash: string, algorithm: Algorithm): Recipe =>
  forged((bench) => {
    const input = signingInput(byLibrary(bench, algorithm, {}))
    return `${input}.${bench.key.hmac(hash, [input]).toString('base64url')}`
  })

const ATTACKER = testSecret('of whoever forges tokens')
const USUAL = '{"alg":"HS256","typ":"JWT"}'

export const jwtDefects: Recipes<'jwt'> = {
  algNone: forged((bench) => signJwt(goodJson(bench), '', { algorithm: 'none' })),
  algNoneSigned: forged((bench) => signedAgain(bench, byLibrary(bench, 'none', {}))),
  algNoneMixedCase: withAlg('nOnE'),
  algConfusion: withAlg('RS256'),
  algEs256: forged((bench) => signJwt(goodJson(bench), privateKey(), { algorithm: 'ES256' })),
  algHs384: hashed('sha384', 'HS384'),
  algHs512: hashed('sha512', 'HS512'),
  algLowerCase: withAlg('hs256'),
  algSpace: withAlg('HS256 '),
  algList: withAlg(['HS256']),
  algMissing: withAlg(undefined),
  crit: headed({ crit: ['exp'] }),
  b64: headed({ b64: false }),
  zip: headed({ zip: 'DEF' }),
  cty: headed({ cty: 'JWT' }),
  enc: headed({ enc: 'A128GCM' }),
  jwk: forged((bench) =>
    byLibrary(bench, 'HS256', { jwk: { kty: 'oct', k: base64url(ATTACKER) } }),
  ),
  jku: headed({ jku: 'https://attacker.example/keys' }),
  x5u: headed({ x5u: 'https://attacker.example/certificate' }),
  x5c: headed({ x5c: ['MIIB'] }),
  headerMember: headed({ iss: 'someone' }),
  typWrong: headed({ typ: 'JWE' }),
  typNumber: headed({ typ: 1 }),
  kidNumber: headed({ kid: 1 }),
  kidTooLong: headed({ kid: 'k'.repeat(LIMITS.keyId + 1) }),
  kidPath: forged(signedByAnEmptyFile),
  duplicateAlg: rawHeaded('{"alg":"none","alg":"HS256","typ":"JWT"}'),
  escapedDuplicateAlg: rawHeaded('{"\\u0061lg":"none","alg":"HS256","typ":"JWT"}'),
  protoHeader: rawHeaded('{"__proto__":{"alg":"HS256"},"alg":"HS256"}'),
  headerBom: rawHeaded(`\uFEFF${USUAL}`),
  headerInvalidUtf8: rawHeaded(Buffer.from('{"alg":"HS256","kid":"\xFF"}', 'latin1')),
  headerNull: rawHeaded('null'),
  headerTooLong: rawHeaded(USUAL + ' '.repeat(LIMITS.jwtHeader)),
  headerPadded: forged((bench) => joined(headedParts(bench, `${base64url('{"alg":"HS256"}')}=`))),
  emptyHeader: forged((bench) => joined(headedParts(bench, ''))),
  missingHeader: respelt(({ payload, signature }) => `${payload}.${signature}`, isJwt),
  detachedPayload: respelt(({ head, signature }) => `${head}.${signature}`, isJwt),
  jsonSerialization: {
    needs: (anatomy) => isJwt(anatomy) && anatomy.parameter !== undefined,
    how: (bench) => placeInParameter(bench, asJson(bench)),
  },
}

/** The right payload under the attacker's secret. */
function byLibrary(bench: Bench, algorithm: Algorithm, members: object): string {
  const secret = algorithm === 'none' ? '' : createSecretKey(Buffer.from(ATTACKER))
  const header = { alg: algorithm, typ: 'JWT', ...members }
  return signJwt(goodJson(bench), secret, { algorithm, header })
}

/** Exchanges the signature for a right one. */
function signedAgain(bench: Bench, token: string): string {
  return joined(headedParts(bench, token.slice(0, token.indexOf('.'))))
}

function headedParts(bench: Bench, header: string) {
  return signParts(bench, { json: Buffer.from(goodJson(bench), 'utf8'), head: `${header}.` })
}

function signingInput(token: string): string {
  return token.slice(0, token.lastIndexOf('.'))
}

/** As where a key file is looked up by its name, and the name can be chosen. */
function signedByAnEmptyFile(bench: Bench): string {
  const input = signingInput(byLibrary(bench, 'HS256', { kid: '../../dev/null' }))
  return `${input}.${createHmac('sha256', '').update(input).digest('base64url')}`
}

function privateKey() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
}

/** Flattened JWS JSON serialization (RFC 7515 section 7.2.2). */
function asJson(bench: Bench): string {
  const { head, payload, signature } = goodParts(bench)
  return JSON.stringify({ payload, protected: head.slice(0, -1), signature })
}

function base64url(header: string | Uint8Array): string {
  return Buffer.from(header as string).toString('base64url') // or bytes
}
