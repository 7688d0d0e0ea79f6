import {
  ConfigError,
  createSigner,
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
  fdback,
  featkit,
  featurebase,
  harlyy,
  helpScout,
  identifierHash,
  intercom,
  pylon,
  seggwat,
  userjot,
  zendesk,
  zendeskMessaging,
  type FdbackUser,
  type FeatKitUser,
  type HarlyyUser,
  type SeggWatUser,
} from '@countersign/core/schemes'
import { codeOf, resultOf } from '../support/errors'
import { forgeJwt } from '../support/forge'
import { link, NOW, SECRET, sent, sign, verify } from './support'

const secret = SECRET
const ada = { id: 7, email: 'ada@example.com', name: 'Ada Okafor' }
const seconds = Math.floor(NOW / 1000)

describe('the modes of SeggWat', () => {
  it('are two, and HMAC is the default', async () => {
    const signed = (mode?: 'hmac') => sign(seggwat({ secret, projectKey: 'p', mode }), { id: 'u1' })
    expect(await signed()).toEqual(await signed('hmac'))
    for (const mode of ['JWT', 'hs256', '', null, 'toString', '__proto__']) {
      expect(() => seggwat({ secret, mode: mode as 'jwt' })).toThrow(ConfigError) // wrong on purpose
    }
  })
})

describe('a token before its time', () => {
  const claims = { email: ada.email, name: ada.name, iat: seconds, nbf: seconds + 60 }
  const more = { ...claims, exp: seconds + 600 }

  const messaging = zendeskMessaging({ secret, keyId: 'app_1' })

  it.each<readonly [string, Portal, object]>([
    ['intercom', intercom({ secret }), { user_id: '7' }],
    ['canny', canny({ secret, companyId: 'c1' }), { id: '7' }],
    ['featurebase', featurebase({ secret, organization: 'acme' }), { userId: '7' }],
    ['userjot', userjot({ secret, projectId: 'p1' }), { sub: '7', iss: 'p1', aud: 'userjot' }],
    ['zendesk', zendesk({ secret, subdomain: 'acme' }), { external_id: '7', jti: 'n1' }],
    ['zendeskMessaging', messaging, { external_id: '7', scope: 'user' }],
  ])('is refused: %s', async (name, portal, own) => {
    const header = { alg: 'HS256', ...(name === 'zendeskMessaging' && { kid: 'app_1' }) }
    const token = forgeJwt({ ...more, ...own }, { header, secret })
    const [parameter = ''] = portal.scheme.carrier.parameters
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const posted = sent({ url: 'https://a.example/', headers, body: `jwt=${token}` })
    const request = name === 'zendesk' ? posted : link(parameter, token)
    expect(await verify(portal, request)).toBe('token_not_yet_valid')
  })
})

it.each([canny({ secret, companyId: 'c1' }), zendesk({ secret, subdomain: 'acme' })])(
  'a preset that needs a name signs no empty one: %#',
  async (portal) => {
    const signing = createSigner(portal as Portal).sign({ ...ada, name: '' } as never) // for both
    await expect(signing).rejects.toMatchObject({ code: 'user_invalid', detail: '"name" is empty' })
  },
)

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
    ['redirect=http://acme.canny.io', 'return_to_invalid'],
    ['redirect=https://canny.io@evil.example', 'return_to_invalid'],
    ['redirect=https://canny.io.evil.example@canny.io', 'return_to_invalid'],
    ['redirect=https:////acme.canny.io', 'return_to_invalid'],
    ['redirect=https://canny%25E3%2580%2582io', 'return_to_invalid'],
    ['redirect=https://canny.io&redirect=https://evil.example', 'return_to_invalid'],
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
    const baseUrl = 'https://a.example' // nothing is sent there
    expect(resultOf(() => intercom({ secret, baseUrl }))).toBe('option_unknown')
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

describe('the types of a portal', () => {
  it('follow from what it vouches for, and from where it goes', () => {
    expectSame<UserOf<ReturnType<typeof featkit>>, FeatKitUser>(true)
    expectSame<UserOf<ReturnType<typeof seggwat>>, SeggWatUser>(true)
    expectSame<UserOf<ReturnType<typeof harlyy>>, HarlyyUser>(true)
    expectSame<UserOf<ReturnType<typeof fdback>>, FdbackUser>(true)
    expectSame<FeatKitUser['id'], string>(true)
    expectSame<SeggWatUser['subscriptionId'], string | null>(true)
    expectSame<HarlyyUser['id'], null>(true)
    expectSame<FdbackUser['email'], string>(true)
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
