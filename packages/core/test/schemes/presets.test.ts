import { createHmac } from 'node:crypto'
import {
  compactForm,
  base64Lines,
  createSigner,
  hashedIdentifier,
  hex,
  Key,
  type OutputOf,
  type Portal,
  type Signed,
  type SignedForm,
  type SignedIdentifier,
  type SignedValue,
  type UserOf,
} from '@countersign/core'
import {
  canny,
  discourseConnect,
  featurebase,
  helpScout,
  identifierHash,
  intercom,
  pylon,
  userjot,
  zendesk,
  zendeskMessaging,
} from '@countersign/core/schemes'
import DiscourseSso from 'discourse-sso'
import jwt from 'jsonwebtoken'
import { resultOf } from '../support/codes'
import { codeOf, link, NOW, SECRET, sent, sign, verify } from './support'

const secret = SECRET
const ada = { id: 7, email: 'ada@example.com', name: 'Ada Okafor' }
const forum = discourseConnect({ secret, baseUrl: 'https://forum.example' })
const seconds = Math.floor(NOW / 1000)

describe('a preset and jsonwebtoken', () => {
  const portals: readonly (readonly [string, Portal, string, object])[] = [
    ['intercom', intercom({ secret }), 'user_id', {}],
    ['canny', canny({ secret, companyId: 'c1' }), 'id', {}],
    ['featurebase', featurebase({ secret, organization: 'acme' }), 'userId', {}],
    ['userjot', userjot({ secret, projectId: 'p1' }), 'sub', { iss: 'p1', aud: 'userjot' }],
    [
      'zendeskMessaging',
      zendeskMessaging({ secret, keyId: 'app_1' }),
      'external_id',
      { scope: 'user' },
    ],
  ]
  const pinned = { algorithms: ['HS256' as const], clockTimestamp: seconds }

  it.each(portals)('read what the other signs: %s', async (_, portal, id, more) => {
    const signed = (await sign(portal, ada)) as Partial<Signed & SignedValue> // one of the two
    const token = signed.token ?? signed.value ?? ''
    const expected = { [id]: '7', email: ada.email, iat: seconds, exp: seconds + 3600, ...more }
    expect(jwt.verify(token, secret, pinned)).toMatchObject(expected)

    const claims = { [id]: '7', email: ada.email, name: ada.name, iat: seconds, ...more }
    const options = { expiresIn: 600, ...(id === 'external_id' && { keyid: 'app_1' }) }
    const [parameter = ''] = portal.scheme.carrier.parameters
    const user = await verify(portal, link(parameter, jwt.sign(claims, secret, options)))
    expect(user).toMatchObject({ id: '7', email: ada.email })
  })

  it('read what the other signs: zendesk', async () => {
    const portal = zendesk({ secret, subdomain: 'acme' })
    const { fields } = (await sign(portal, ada, { nonce: 'n1' })) as unknown as SignedForm // of Zendesk
    const claims = { external_id: '7', email: ada.email, iat: seconds, jti: 'n1' }
    expect(jwt.verify(fields['jwt'] ?? '', secret, pinned)).toMatchObject(claims)
    const token = jwt.sign({ ...claims, name: ada.name }, secret)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    expect(
      await verify(portal, sent({ url: 'https://a.example/', headers, body: `jwt=${token}` })),
    ).toMatchObject({ id: '7' })
  })
})

describe('DiscourseConnect', () => {
  const other = new DiscourseSso(secret)
  const page = 'https://forum.example/session/sso_login'
  const challenge = (claims: Readonly<Record<string, string>>, key = secret): string => {
    const sso = Buffer.from(new URLSearchParams(claims).toString()).toString('base64')
    const sig = createHmac('sha256', key).update(sso).digest('hex')
    return `/sso?${new URLSearchParams({ sso, sig }).toString()}`
  }
  const answer = (arrival: string) =>
    createSigner(forum, { now: () => NOW }).sign({ ...ada }, { arrival })

  it('agrees with discourse-sso in both directions', async () => {
    const { url } = await answer(challenge({ nonce: 'n1', return_sso_url: page }))
    const query = new URL(url).searchParams
    expect(url.startsWith(`${page}?`)).toBe(true)
    expect(other.validate(query.get('sso') ?? '', query.get('sig') ?? '')).toBe(true)
    expect(other.getNonce(query.get('sso') ?? '')).toBe('n1')
    const signed = other.buildLoginString({
      nonce: 'n2',
      external_id: '7',
      email: ada.email,
      name: ada.name,
    })
    const user = await verify(forum, sent({ url: `${page}?${signed}` }), { nonceRetention: 600 })
    expect(user).toMatchObject({ id: '7', email: ada.email, name: ada.name })
  })

  it.each<readonly [string, string, string]>([
    ['has no request', '/sso', 'credential_missing'],
    ['has half a request', '/sso?sso=bm9uY2U9MQ%3D%3D', 'credential_missing'],
    ['was sent by somebody else', challenge({ nonce: 'n1' }, `${secret}.`), 'signature_invalid'],
    ['has no nonce', challenge({ return_sso_url: page }), 'claims_invalid'],
    [
      'is to return elsewhere',
      challenge({ nonce: 'n1', return_sso_url: 'https://evil.example/session/sso_login' }),
      'return_to_invalid',
    ],
  ])('signs nothing for a visitor who %s', async (_, arrival, code) => {
    expect(await answer(arrival).catch(codeOf)).toBe(code)
  })

  it('needs the address of the forum to sign, and not to verify', () => {
    const portal = discourseConnect({ secret })
    expect(resultOf(() => createSigner(portal))).toBe('id_missing')
  })
})

describe('published vectors', () => {
  // https://meta.discourse.org/t/13045
  const key = new Key(Buffer.from('d836444a9e4084d5b224a60c208dce14'), {
    id: null,
    notAfter: Infinity,
  })
  const codec = compactForm({ payload: base64Lines, signature: hex, signs: 'text' })
  const raw =
    'nonce=cb68251eefb5211e58c00ff1395f0c0b&name=sam&username=samsam&email=test%40test.com&external_id=hello123&require_activation=true'

  it('of DiscourseConnect: the request, with the line break at its end', () => {
    const value =
      'bm9uY2U9Y2I2ODI1MWVlZmI1MjExZTU4YzAwZmYxMzk1ZjBjMGI=\n.2828aa29899722b35a2f191d34ef9b3ce695e0e6eeec47deb46d588d70c7cb56'
    const { input, signature, payload } = codec.open(value)
    expect(key.verify(input, signature, hex)).toBe(true)
    expect(Buffer.from(payload).toString()).toBe('nonce=cb68251eefb5211e58c00ff1395f0c0b')
  })

  it('of DiscourseConnect: the answer', () => {
    const claims = Object.fromEntries(new URLSearchParams(raw))
    const { input, finish } = codec.seal(claims, null)
    expect(finish(key.sign(input, hex))).toBe(
      `${Buffer.from(raw).toString('base64')}.3d7e5ac755a87ae3ccf90272644ed2207984db03cf020377c8b92ff51be3abc3`,
    )
  })

  it.each([
    ['secret', 'Message', 'aa747c502a898200f9e4fa21bac68136f886a0e27aec70ba06daf2e2a5cb5597'],
    ['abc123', '12345', '20b24359daf614c0c238dcbccbb0ed9e4f679cbe9868ddbc57d32c603cb8cf70'],
  ])('of an identifier hash, under the secret %s', (text, identifier, hash) => {
    const short = new Key(Buffer.from(text), { id: null, notAfter: Infinity })
    const { input, finish } = hashedIdentifier('id').seal({ id: identifier }, null)
    expect(finish(short.sign(input, hex))).toBe(`${identifier}.${hash}`)
  })
})

describe('what a visitor brings along', () => {
  const board = canny({ secret, companyId: 'c1', returnOrigins: ['https://ideas.acme.example'] })
  const arrived = (portal: Portal, arrival: string) =>
    createSigner(portal, { now: () => NOW })
      .sign(ada as never, { arrival }) // the test knows the portals
      .then(({ url }) => new URL(url).searchParams.get('redirect') ?? 'none', codeOf)

  it.each<readonly [string, string]>([
    ['companyID=c1', 'none'],
    ['redirect=https%3A%2F%2Facme.canny.io%2Fx%3Fa%3D1', 'https://acme.canny.io/x?a=1'],
    ['redirect=https://canny.io', 'https://canny.io'],
    ['redirect=https://ideas.acme.example/b', 'https://ideas.acme.example/b'],
    ['redirect=https://evil.example', 'return_to_invalid'],
    ['redirect=https://canny.io.evil.example', 'return_to_invalid'],
    ['redirect=https://evilcanny.io', 'return_to_invalid'],
    ['redirect=https://x.ideas.acme.example', 'return_to_invalid'],
    ['redirect=http://acme.canny.io', 'return_to_invalid'],
    ['redirect=https://canny.io@evil.example', 'return_to_invalid'],
    ['redirect=https://user@acme.canny.io', 'return_to_invalid'],
    ['redirect=javascript:alert(1)', 'return_to_invalid'],
    ['redirect=/b', 'return_to_invalid'],
    ['redirect=https://canny.io&redirect=https://evil.example', 'credential_ambiguous'],
    ['companyID=c2', 'audience_mismatch'],
  ])('is checked and sent back: %s: %s', async (query, expected) => {
    expect(await arrived(board, `/sign?${query}`)).toBe(expected)
  })

  it('has no control characters in a state', async () => {
    const portal = userjot({ secret, projectId: 'p1' })
    expect(await arrived(portal, '/sign?state=a%0Ab')).toBe('token_malformed')
  })

  it('is an option only of portals that send visitors', async () => {
    expect(resultOf(() => intercom({ secret, returnOrigins: [] }))).toBe('option_unknown')
    const signing = createSigner(intercom({ secret })).sign(ada, { arrival: '/' })
    await expect(signing).rejects.toMatchObject({ reason: 'option_unknown' })
  })
})

describe('an identifier hash', () => {
  it('vouches for the identifier alone, and for ever', async () => {
    const portal = identifierHash({ secret })
    const signed = await sign(portal, ada)
    expect(signed).toMatchObject({ identifier: '7', expiresAt: null })
    const { value } = signed as unknown as SignedIdentifier // of this preset
    const request = sent({ url: `https://a.example/?user_id=7&user_hash=${value}&email=x@y.z` })
    const user = await verify(portal, request, { at: NOW * 2 })
    expect(user).toStrictEqual({ scheme: 'identifierHash', id: '7', email: null, name: null })
  })

  it('takes no lifetime', () => {
    const signer = () => createSigner(helpScout({ secret }), { expiresIn: 60 })
    expect(resultOf(signer)).toBe('option_invalid')
  })

  it.each([
    ['ab'.repeat(32), 'ok'],
    [`${'ab'.repeat(31)}00`, 'ok'], // an even number of bytes may end with any
    ['AB'.repeat(32), 'secret_type'],
    ['not hex at all, and long enough', 'secret_type'],
    ['ab'.repeat(15), 'secret_too_short'],
  ])('takes the key of Pylon in hex: %s: %s', (text, expected) => {
    expect(resultOf(() => (pylon({ secret: text }), 'ok'))).toBe(expected)
  })
})

describe('the types of a preset', () => {
  it('follow from what it vouches for, and from where it goes', () => {
    expectSame<UserOf<ReturnType<typeof identifierHash>>['email'], null>(true)
    expectSame<UserOf<ReturnType<typeof helpScout>>['email'], string>(true)
    expectSame<OutputOf<ReturnType<typeof intercom>>, SignedValue>(true)
    expectSame<OutputOf<ReturnType<typeof identifierHash>>, SignedIdentifier>(true)
    expectSame<OutputOf<ReturnType<typeof zendesk>>, SignedForm>(true)
    expectSame<OutputOf<ReturnType<typeof canny>>, Signed>(true)
  })
})

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Does nothing at run time: the compiler refuses the call where the types differ. */
function expectSame<A, B>(same: Same<A, B>): void {
  expect(same).toBe(true)
}
