import { coded, exp, iat, mac, NOW, secret, type Encoding, type Mistake } from './mistakes'

const at = (name: string, sent: string) => ({ target: `/?${name}=${encodeURIComponent(sent)}` })

const featkitClaims = { user_id: '42', name: '????', timestamp: iat, expires: exp }
const link = (claims: object, { encoding = 'base64url' as Encoding, key = secret } = {}) => {
  const payload = coded(claims, encoding)
  return at('token', `${payload}.${mac(payload, 'hex', 'sha256', key)}`)
}
const featkitText = coded(featkitClaims)
export const featkitMistakes: readonly Mistake[] = [
  [
    'the JSON was signed',
    'signature_invalid',
    at('token', `${featkitText}.${mac(JSON.stringify(featkitClaims))}`),
  ],
  [
    'one secret key for two',
    'signature_invalid',
    link(featkitClaims, { key: 'the other project’s' }),
  ],
  [
    'the signature is base64',
    'token_malformed',
    at('token', `${featkitText}.${mac(featkitText, 'base64')}`),
  ],
  [
    'hex in upper case',
    'token_malformed',
    at('token', `${featkitText}.${mac(featkitText).toUpperCase()}`),
  ],
  ['standard base64', 'token_malformed', link(featkitClaims, { encoding: 'base64' })],
  ['`expires` is missing', 'claims_invalid', link({ ...featkitClaims, expires: undefined })],
  ['in milliseconds', 'claims_invalid', link({ ...featkitClaims, expires: exp * 1000 })],
  ['more than a day after', 'lifetime_exceeded', link({ ...featkitClaims, expires: iat + 86_431 })],
  [
    'when the page was rendered',
    'token_expired',
    link({ ...featkitClaims, timestamp: iat - 86_400, expires: iat }),
  ],
  ['is ahead', 'token_not_yet_valid', link({ ...featkitClaims, timestamp: iat + 31 })],
]

const seggwatClaims = { sub: '42', name: '????', iat, exp, project_key: 'acme' }
const signed = (
  claims: object,
  { encoding = 'base64url' as Encoding, text = JSON.stringify(claims) } = {},
) => at('token', `${coded(claims, encoding)}.${mac(text, encoding)}`)
const jwt = (claims: object, alg = 'HS256') => {
  const text = `${coded({ alg, typ: 'JWT' })}.${coded(claims)}`
  return at('token', `${text}.${mac(text, 'base64url', alg.replace('HS', 'sha'))}`)
}
export const seggwatMistakes: readonly Mistake[] = [
  [
    'the base64 was signed',
    'signature_invalid',
    signed(seggwatClaims, { text: coded(seggwatClaims) }),
  ],
  [
    'written again',
    'signature_invalid',
    signed(seggwatClaims, { text: JSON.stringify(seggwatClaims, null, 1) }),
  ],
  ['standard base64, or padding', 'token_malformed', signed(seggwatClaims, { encoding: 'base64' })],
  ['a JWT for a project in HMAC mode', 'token_malformed', jwt(seggwatClaims)],
  ['`exp` in milliseconds', 'claims_invalid', signed({ ...seggwatClaims, exp: exp * 1000 })],
  ['more than a day after', 'lifetime_exceeded', signed({ ...seggwatClaims, exp: iat + 86_431 })],
  [
    'the key of another project',
    'audience_mismatch',
    signed({ ...seggwatClaims, project_key: 'other' }),
  ],
]
export const jwtMistakes: readonly Mistake[] = [
  ['or the reverse', 'token_malformed', signed(seggwatClaims)],
  ['a JWT with HS384', 'algorithm_not_allowed', jwt(seggwatClaims, 'HS384')],
  ['a JWT without an expiry', 'claims_invalid', jwt({ ...seggwatClaims, exp: undefined })],
]

const survey = { nonce: '????', exp: NOW + 60_000 }
const sig = (
  claims: object,
  { encoding = 'base64' as Encoding, key = secret, method = 'GET' } = {},
) => {
  const payload = coded(claims, encoding)
  return { method, ...at('sig', `${payload}.${mac(payload, encoding, 'sha256', key)}`) }
}
export const harlyyMistakes: readonly Mistake[] = [
  [
    'the JSON was signed',
    'signature_invalid',
    at('sig', `${coded(survey, 'base64')}.${mac(JSON.stringify(survey), 'base64')}`),
  ],
  ['one secret for two', 'signature_invalid', sig(survey, { key: 'the other survey’s' })],
  ['URL-safe base64', 'token_malformed', sig(survey, { encoding: 'base64url' })],
  ['or hex', 'token_malformed', sig(survey, { encoding: 'hex' })],
  [
    'percent-encoded twice',
    'token_malformed',
    at('sig', encodeURIComponent(sig(survey).target.slice(6))),
  ],
  ['`exp` in seconds', 'claims_invalid', sig({ ...survey, exp })],
  ['no `exp`', 'claims_invalid', sig({ nonce: 'n' })],
  ['the user’s name', 'claims_invalid', sig({ ...survey, email: 'ada@example.com' })],
]

/** Nothing is wrong with these. */
export const rightLinks = {
  featkit: link(featkitClaims),
  seggwat: signed(seggwatClaims),
  jwt: jwt(seggwatClaims),
  harlyy: sig(survey),
}
