import {
  createSigner,
  defineScheme,
  Key,
  type Codec,
  type Portal,
  type SecretSource,
  type SignOptions,
} from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '@countersign/core/schemes'
import { expectMisconfigured, refusal } from '../support/errors'
import { forgeLink } from '../support/forge'
import { catchWarnings } from '../support/process'
import { NOW } from '../support/request'
import { CURRENT, PREVIOUS } from '../support/secrets'

const secret = CURRENT
const links = featkit({ secret, slug: 'acme' })
const jwts = seggwat({ secret, projectKey: 'p', mode: 'jwt' })
const surveys = harlyy({ secret, businessId: 'b', surveyId: 's' })
const requests = fdback({ secret, workspaceId: 'ws' })
const ada = { id: 'u1', email: 'ada@example.com', name: 'Ada' }
const now = () => NOW + 789.5

/** Signs a user that every scheme accepts. */
const sign = (portal: Portal, options?: SignOptions) =>
  createSigner(portal, { now }).sign(ada as never, options) // each scheme takes less than this

afterEach(() => {
  jest.restoreAllMocks()
})

describe('the lifetime of what is signed', () => {
  it.each<[string, Portal, number, number]>([
    ['featkit', links, 86_400, 86_400],
    ['seggwat', jwts, 3_600, 86_400],
    ['harlyy', surveys, 604_800, 366 * 86_400],
    ['fdback', requests, 300, 300],
  ])('is the documented one, and at most the longest: %s', async (_, portal, usual, longest) => {
    const start = portal === surveys || portal === requests ? NOW + 789 : NOW // milliseconds or whole seconds
    expect((await sign(portal)).expiresAt).toBe(start + usual * 1_000)
    const { expiresAt } = await sign(portal, { expiresIn: longest })
    expect(expiresAt).toBe(start + longest * 1_000)
    expectMisconfigured(() => createSigner(portal, { expiresIn: longest + 1 }), 'option_invalid')
  })

  it('is that of the call, or else that of the signer', async () => {
    const signer = createSigner(links, { now, expiresIn: 600 })
    const lifetimes = [{}, { expiresIn: undefined }, { expiresIn: 60 }, { expiresIn: 1.9 }]
    const ends = lifetimes.map(async (options) => (await signer.sign(ada, options)).expiresAt - NOW)
    expect(await Promise.all(ends)).toEqual([600_000, 600_000, 60_000, 1_000])
  })

  it.each([0, -1, 0.5, NaN, Infinity, '60', null])('cannot be %p', async (expiresIn) => {
    const macs = jest.spyOn(Key.prototype, 'sign')
    const options = { expiresIn: expiresIn as number } // wrong on purpose
    expectMisconfigured(() => createSigner(links, options), 'option_invalid')
    expect(await refusal(sign(links, options))).toMatchObject({ reason: 'option_invalid' })
    expect(await refusal(sign(requests, options))).toMatchObject({ reason: 'option_invalid' })
    expect(macs).not.toHaveBeenCalled()
  })
})

describe('the options of a signer', () => {
  it.each<object>([{ embed: 'yes' }, { embed: true }, { nonce: 7 }])(
    'are checked by each call: %j',
    async (options) => {
      const macs = jest.spyOn(Key.prototype, 'sign')
      expect(await refusal(sign(links, options))).toMatchObject({ reason: 'option_invalid' })
      expect(macs).not.toHaveBeenCalled()
    },
  )
})

describe('the nonce of a survey link', () => {
  it('is random', async () => {
    const signed = await Promise.all(Array.from({ length: 50 }, () => sign(surveys)))
    expect(new Set(signed.map(({ token }) => token)).size).toBe(50)
  })

  it.each(['', 'x'.repeat(256), 'a\nb', '\ud800'])('cannot be %j', async (nonce) => {
    const macs = jest.spyOn(Key.prototype, 'sign')
    expect(await refusal(sign(surveys, { nonce }))).toMatchObject({ code: 'user_invalid' })
    expect(macs).not.toHaveBeenCalled()
  })
})

describe('the secret of a signer', () => {
  const signWith = (source: SecretSource) => sign(featkit({ secret: source, slug: 'acme' }))

  it('is the first of the list', async () => {
    const times = { timestamp: NOW / 1000, expires: NOW / 1000 + 86_400 }
    const payload = { user_id: 'u1', email: ada.email, name: 'Ada', ...times }
    const { token } = await signWith([PREVIOUS, CURRENT])
    expect(token).toBe(forgeLink(payload, PREVIOUS))
  })

  const retired = { id: 'old', value: PREVIOUS, notAfter: new Date(NOW) }

  it.each<[string, SecretSource, string]>([
    ['the first is retired', [retired, CURRENT], 'key_retired'],
    ['a lookup finds none', () => null, 'key_retired'],
    ['a lookup fails', () => Promise.reject(new Error('no connection')), 'secret_unavailable'],
  ])('is missing where %s', async (_, source, reason) => {
    const error = await refusal(signWith(source))
    expect(error).toMatchObject(reason === 'key_retired' ? { reason } : { code: reason })
  })

  it('is looked up by the id of the portal', async () => {
    const lookup = jest.fn(() => CURRENT)
    await sign(fdback({ secret: lookup, workspaceId: 'ws' }))
    expect(lookup.mock.calls).toEqual([[{ tenant: 'ws', scheme: 'fdback' }]])
  })

  it('must be long enough for a JWT: the first alone, known or looked up', async () => {
    catchWarnings()
    const [long, short] = ['x'.repeat(32), 'y'.repeat(31)]
    const portal = (source: SecretSource) =>
      seggwat({ secret: source, projectKey: 'p', mode: 'jwt' })
    expectMisconfigured(() => createSigner(portal([short, long])), 'secret_too_short')
    expect((await sign(portal([long, short]))).token).toBeDefined()
    expect(await refusal(sign(portal(() => short)))).toMatchObject({ reason: 'secret_too_short' })
    const looking = portal(() => short)
    const allowed = createSigner(looking, { now, allowShortSecret: true })
    expect((await allowed.sign(ada)).token).toBeDefined()
  })
})

describe('a portal that cannot sign', () => {
  it.each<[string, Portal]>([
    ['slug', featkit({ secret })],
    ['projectKey', seggwat({ secret })],
    ['surveyId', harlyy({ secret, businessId: 'b' })],
    ['workspaceId', fdback({ secret })],
  ])('lacks an id: %s', (id, portal) => {
    expectMisconfigured(() => createSigner(portal), 'id_missing')
    expect(() => createSigner(portal)).toThrow(`needs "${id}"`)
  })

  it('has a codec that does not read what it writes', async () => {
    const { codec, ...definition } = links.scheme
    const broken: Codec<unknown> = {
      ...codec,
      seal(claims, tenant) {
        const { input, finish } = codec.seal(claims, tenant)
        return { input: [...input, '.'], finish }
      },
    }
    const portal = defineScheme({ ...definition, codec: broken })({ secret, slug: 'acme' })
    expect(await refusal(sign(portal))).toMatchObject({ reason: 'scheme_unreadable' })
  })
})
