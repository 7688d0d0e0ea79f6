import {
  createGuard,
  createSignEndpoint,
  createSigner,
  createVerifier,
  type GuardOptions,
  type VerifierOptions,
} from '@countersign/core'
import { expectMisconfigured } from './support/errors'
import { forgeLink } from './support/forge'
import { catchWarnings, inProduction } from './support/process'
import { now, outcome, view } from './support/request'
import { jwt, link, message, once } from './support/schemes'
import { CURRENT, PREVIOUS } from './support/secrets'

afterEach(() => {
  jest.restoreAllMocks()
})

const portal = link({ secret: CURRENT, slug: 'acme' })
const options = (wrong: object) => wrong as VerifierOptions // wrong on purpose

function expectRefused(wrong: object, reason: 'option_invalid' | 'option_unknown'): void {
  expectMisconfigured(() => createVerifier(portal, options(wrong)), reason)
  expectMisconfigured(() => createGuard(portal, options(wrong)), reason)
}

describe('options that cannot work', () => {
  it.each([Infinity, NaN, -1, '30', null, true])(
    'CF-01 `clockTolerance` cannot be %p',
    (clockTolerance) => expectRefused({ clockTolerance }, 'option_invalid'),
  )

  it('CF-02 `clockTolerance` ends at 300 seconds', () => {
    for (const clockTolerance of [300.001, 301, 3_601])
      expectRefused({ clockTolerance }, 'option_invalid')
    for (const clockTolerance of [0, 0.5, 300, undefined])
      expect(() => createVerifier(portal, { clockTolerance })).not.toThrow()
  })

  it.each([0, NaN, Infinity, -60, '60', null, 86_401])(
    'CF-03 `maxLifetime` cannot be %p',
    (maxLifetime) => expectRefused({ maxLifetime }, 'option_invalid'),
  )

  it('CF-03 `maxLifetime` may be all that the scheme allows, or less', () => {
    for (const maxLifetime of [1, 60, 86_400, undefined])
      expect(() => createVerifier(portal, { maxLifetime })).not.toThrow()
  })

  it.each([
    ['no number', NaN],
    ['infinite', Infinity],
    ['before 2020', Date.UTC(2019, 11, 31)],
    ['in seconds', 1_760_000_000],
    ['a text', '1760000000000'],
    ['missing', undefined],
  ])('CF-04 a clock that is %s accepts nothing and signs nothing', async (_, time) => {
    const broken = () => time as number // wrong on purpose
    const request = view({ query: `token=${forgeLink()}` })
    const verifier = createVerifier(portal, { now: broken })
    expect(outcome(await verifier.verify(request))).toBe('500 clock_invalid')
    const signing = createSigner(portal, { now: broken }).sign({ id: 'u1' })
    await expect(signing).rejects.toMatchObject({ code: 'clock_invalid', status: 500 })
  })

  it('CF-05 a misspelt option is refused wherever there are options', async () => {
    expectRefused({ expiresin: 60 }, 'option_unknown')
    const user = () => null
    const misspelt = { expiresin: 60 }
    for (const construct of [
      () => createSigner(portal, options({ expiresin: 60 })),
      () => createSignEndpoint(portal, { user, ...options({ expiresin: 60 }) }),
      () => link({ secret: CURRENT, ...misspelt, slug: 'acme' }),
    ]) {
      expectMisconfigured(construct, 'option_unknown')
    }
    const signing = createSigner(portal, { now }).sign({ id: 'u1' }, { ...misspelt, embed: false })
    await expect(signing).rejects.toMatchObject({ reason: 'option_unknown' })
  })

  it('CF-05 the refusal names the option and those that there are', () => {
    expect(() => createVerifier(portal, options({ clockSkew: 30 }))).toThrow(
      /no option "clockSkew".*clockTolerance/,
    )
  })

  it('CF-06 a portal whose credentials name their audience has to know its own', () => {
    expectMisconfigured(() => jwt({ secret: CURRENT, projectKey: '' }), 'option_invalid')
    const anonymous = jwt({ secret: CURRENT })
    expectMisconfigured(() => createVerifier(anonymous), 'audience_missing')
    expectMisconfigured(() => createGuard(anonymous), 'audience_missing')
    expectMisconfigured(() => createSigner(anonymous), 'id_missing')
    expect(() => createGuard(anonymous, { tenant: () => 'project' })).not.toThrow()
  })

  it('CF-07 two portals that look the same from outside refuse to start', () => {
    const twins = [link({ secret: CURRENT }), link({ secret: PREVIOUS })]
    expectMisconfigured(() => createGuard(twins), 'portals_alike')
    expectMisconfigured(() => createVerifier(twins), 'portals_alike')
  })

  it('CF-07 portals that differ in place or in shape stand together', () => {
    const portals = [
      link({ secret: CURRENT }),
      jwt({ secret: `${CURRENT}-2`, projectKey: 'project' }),
      once({ secret: `${CURRENT}-3` }),
      message({ secret: `${CURRENT}-4` }),
    ]
    expect(() => createGuard(portals)).not.toThrow()
  })

  it('CF-08 one-time credentials without a store warn in production', () => {
    const warnings = catchWarnings()
    inProduction(() => createGuard(once({ secret: CURRENT })))
    expect(warnings.codes()).toEqual(['COUNTERSIGN_MEMORY_STORE'])
    expect(warnings.texts().join()).toContain('replayStore')
  })

  it('CF-08 elsewhere, with a store, or without one-time credentials, nothing warns', () => {
    const warnings = catchWarnings()
    createGuard(once({ secret: CURRENT }))
    const replayStore = { claim: async () => true, has: async () => false, durable: true }
    inProduction(() => createGuard(once({ secret: CURRENT }), { replayStore }))
    inProduction(() => createGuard([portal, message({ secret: PREVIOUS })]))
    expect(warnings.codes()).toEqual([])
  })

  it.each(['allowedOrigins', 'path', 'exclude'])(
    'CF-09 no option of a guard takes a pattern that could remember where it stood: %s',
    (name) => expectRefused({ [name]: /x/g }, 'option_unknown'),
  )

  it('CF-09 an origin is text, never a pattern', () => {
    const allowedOrigins = [/https:\/\/app\.example/g] as unknown as string[] // wrong on purpose
    expectMisconfigured(
      () => createSignEndpoint(portal, { user: () => null, allowedOrigins }),
      'option_invalid',
    )
  })

  it.each(['signature', 'compare', 'mac', 'algorithms', 'verify'])(
    'CF-10 nobody can bring a comparison of their own: %s',
    (name) => expectRefused({ [name]: () => true }, 'option_unknown'),
  )

  it.each<[keyof GuardOptions, unknown]>([
    ['mode', 'optionl'],
    ['mode', null],
    ['rejections', 'throw'],
    ['stripCredential', 'yes'],
    ['onVerified', true],
    ['onRejected', {}],
    ['onRotatedKey', 'log'],
    ['tenant', 'acme'],
    ['now', NaN],
    ['bearer', 1],
    ['allowShortSecret', 'no'],
    ['allowSecretReuse', 0],
    ['nonceRetention', 0],
    ['nonceRetention', Infinity],
    ['consume', 'GET'],
    ['consume', ['get']],
    ['consume', [/POST/]],
    ['replayStore', null],
    ['replayStore', { claim: async () => true, has: async () => false }],
    ['replayStore', { claim: async () => true, durable: true }],
  ])('the option `%s` is checked: %p', (name, value) => {
    expectMisconfigured(() => createGuard(portal, options({ [name]: value })), 'option_invalid')
  })
})
