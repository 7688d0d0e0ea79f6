import { createGuard, createVerifier, type GuardOptions, type Portal } from '@countersign/core'
import { fdback, featkit, seggwat } from '@countersign/core/schemes'
import { expectMisconfigured } from '../support/errors'
import { forgeLink } from '../support/forge'
import { catchWarnings } from '../support/process'
import { outcome, view } from '../support/request'
import { CURRENT } from '../support/secrets'

const secret = CURRENT
const portal = featkit({ secret })
const create = (options: object, portals: Portal | readonly Portal[] = portal) =>
  createGuard(portals, options as GuardOptions) // often wrong on purpose

describe('the options of a guard', () => {
  it.each<[name: string, right: readonly unknown[], wrong: readonly unknown[]]>([
    ['clockTolerance', [0, 0.5, 300, undefined], [300.001, Infinity, NaN, -1, '30', null, true]],
    ['maxLifetime', [1, 86_400, undefined], [86_401, 0.999, Infinity, NaN, -60, '60', null]],
    ['nonceRetention', [1, 86_400, undefined], [0, Infinity, '1', null]],
    ['mode', ['required', 'optional', undefined], ['optionl', null, true]],
    ['rejections', ['respond', 'forward', undefined], ['throw', null]],
    ['stripCredential', [true, false, undefined], ['yes', 1, null]],
    ['bearer', [true, false, undefined], [1, null]],
    ['allowShortSecret', [true, false, undefined], ['no', null]],
    ['allowSecretReuse', [true, false, undefined], [0, null]],
    ['onVerified', [() => 0, undefined], [true, null]],
    ['onRejected', [() => 0, undefined], [{}, null]],
    ['onRotatedKey', [() => 0, undefined], ['log', null]],
    ['tenant', [() => null, undefined], ['acme', null]],
    ['now', [Date.now, undefined], [NaN, 0, null]],
  ])('take for `%s` only what can work', (name, right, wrong) => {
    for (const value of right) expect(() => create({ [name]: value })).not.toThrow()
    for (const value of wrong) {
      expectMisconfigured(() => create({ [name]: value }), 'option_invalid')
    }
  })

  it('of a verifier are fewer', () => {
    const create = () => createVerifier(portal, { mode: 'optional' } as object)
    expect(create).toThrow('createVerifier() has no option "mode"')
  })

  it('allow the longest lifetime of any of its portals', () => {
    const portals = [fdback({ secret: `${secret}-2` }), portal]
    expect(() => create({ maxLifetime: 86_400 }, portals)).not.toThrow()
    expectMisconfigured(() => create({ maxLifetime: 301 }, portals[0]), 'option_invalid')
  })

  it('refuse `bearer` where no credential fits into a header', () => {
    const requests = fdback({ secret: `${secret}-2` })
    expectMisconfigured(() => create({ bearer: true }, requests), 'option_invalid')
    expect(() => create({ bearer: true }, [requests, portal])).not.toThrow()
  })

  it('must say for which project a portal accepts users', () => {
    const anyProject = seggwat({ secret })
    expectMisconfigured(() => create({}, anyProject), 'audience_missing')
    expect(() => create({ tenant: () => 'project' }, anyProject)).not.toThrow()
    expect(() => create({}, seggwat({ secret, projectKey: 'project' }))).not.toThrow()
  })

  it('must allow a short secret for a JWT', () => {
    catchWarnings()
    const short = seggwat({ secret: 'x'.repeat(31), projectKey: 'project', mode: 'jwt' })
    expectMisconfigured(() => create({}, short), 'secret_too_short')
    expect(() => create({ allowShortSecret: true }, short)).not.toThrow()
    const long = seggwat({ secret: 'x'.repeat(32), projectKey: 'project', mode: 'jwt' })
    expect(() => create({}, long)).not.toThrow()
    jest.restoreAllMocks()
  })
})

describe('a clock that shows no time', () => {
  it('accepts nothing', async () => {
    const verifier = createVerifier(portal, { now: () => NaN })
    const answer = await verifier.verify(view({ query: `token=${forgeLink()}` }))
    expect(outcome(answer)).toBe('500 clock_invalid')
  })
})
