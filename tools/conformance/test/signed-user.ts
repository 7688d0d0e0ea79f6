import type { SchemeName, TokenCase } from '../src'

type Claims = Readonly<Record<string, unknown>>

/**
 * Whom an accepted case signs, read from its bytes in the plainest way: with the decoders of Node
 * and nothing of the library.
 */
export function signedUser(tokenCase: TokenCase): object {
  const { scheme } = tokenCase
  return describeUser[scheme](readClaims(tokenCase))
}

function readClaims({ scheme, requests }: TokenCase): Claims {
  const { target = '', body } = requests.at(-1) ?? {}
  if (scheme === 'fdback') return parse(Buffer.from(body as Uint8Array))
  const query = new URLSearchParams(target.slice(target.indexOf('?')).replaceAll('+', '%2B'))
  const token = query.get(scheme === 'harlyy' ? 'sig' : 'token') ?? ''
  return parse(Buffer.from(token.split('.')[scheme === 'jwt' ? 1 : 0] ?? '', 'base64'))
}

function parse(bytes: Buffer): Claims {
  return JSON.parse(bytes.toString('utf8')) as Claims
}

const describeUser: Readonly<Record<SchemeName, (claims: Claims) => object>> = {
  featkit: (claims) => ({ scheme: 'featkit', id: String(claims['user_id']), ...person(claims) }),
  seggwat: seggwatUser,
  jwt: seggwatUser,
  harlyy: ({ nonce }) => ({ scheme: 'harlyy', id: null, email: null, name: null, nonce }),
  fdback: (claims) => ({
    scheme: 'fdback',
    id: claims['email'],
    ...person(claims),
    avatar: claims['avatar'] ?? null,
  }),
}

function seggwatUser(claims: Claims): object {
  const subscriptionId = claims['subscription_id'] ?? null
  return { scheme: 'seggwat', id: String(claims['sub']), ...person(claims), subscriptionId }
}

function person({ email = null, name = null }: Claims): object {
  return { email, name }
}
