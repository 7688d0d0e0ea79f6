import jsonwebtoken from 'jsonwebtoken' // an ES module finds no names in it
import { isJwt } from '../minting/format'
import { testSecret } from '../test-secret'
import { rows, type Recipe } from './defect'
import { signedWith } from './form'

const base64url = (text: string): string => Buffer.from(text).toString('base64url')

/** Under a right signature, with these members in the header beside the usual ones. */
const header = (members: object): Recipe => ({
  needs: isJwt,
  parts: () => ({
    head: `${base64url(JSON.stringify({ alg: 'HS256', typ: 'JWT', ...members }))}.`,
  }),
})

/** As a library makes it. */
const unsigned: Recipe = {
  needs: isJwt,
  text: ({ payload }) =>
    jsonwebtoken.sign(Buffer.from(payload, 'base64url'), '', { algorithm: 'none' }),
}

const ATTACKER = testSecret('of an attacker')

const ownKey: Recipe = {
  ...header({ jwk: { kty: 'oct', k: base64url(ATTACKER) } }),
  ...signedWith(ATTACKER),
}

/** Signed with the right secret, and with a hash that was not agreed on. */
const hs512: Recipe = {
  ...header({ alg: 'HS512' }),
  mac: ({ input }, { key }) => key.hmac('sha512', input),
}

export const jwtRows = {
  ...rows('token_malformed', 'a way in', {
    algNone: ['with the algorithm `none` and no signature', unsigned],
    jwk: ['signed with a key in its own header', ownKey],
  }),
  ...rows('algorithm_not_allowed', 'a broken promise', {
    algNoneSigned: ['with the algorithm `none` and a right signature', header({ alg: 'none' })],
    algConfusion: [
      'that names RS256 and is signed with an HMAC of the secret',
      header({ alg: 'RS256' }),
    ],
    algNoneMixedCase: ['with the algorithm `nOnE`', header({ alg: 'nOnE' }), 'rare'],
  }),
  ...rows('token_malformed', 'strictness', {
    crit: ['with a critical extension', header({ crit: ['exp'] })],
  }),
  ...rows('algorithm_not_allowed', 'strictness', {
    algHs512: ['signed with HS512', hs512, 'rare'],
  }),
}
