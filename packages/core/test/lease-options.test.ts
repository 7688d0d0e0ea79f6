import { createGuard, createVerifier, type VerifierOptions } from '@countersign/core'
import { expectMisconfigured, thrown } from './support/errors'
import { catchWarnings, inProduction } from './support/process'
import { link, message, once } from './support/schemes'
import { CURRENT } from './support/secrets'
import { storeOf } from './support/store'

const portal = once({ secret: CURRENT })
const options = (wrong: object) => wrong as VerifierOptions // wrong on purpose

const { leases: _leases, ...withoutLeases } = storeOf()

describe('the option `consume: { lease }`', () => {
  it.each([0.1, 1, 30, 3_600])('takes %p seconds', (lease) => {
    expect(() => createVerifier(portal, { consume: { lease } })).not.toThrow()
  })

  it.each([0, 0.099, -1, 3_600.1, NaN, Infinity, '30', null, undefined, true, [30]])(
    'does not take %p seconds',
    (lease) => {
      for (const create of [createVerifier, createGuard]) {
        expectMisconfigured(() => create(portal, options({ consume: { lease } })), 'option_invalid')
      }
    },
  )

  it.each<['unsafe-methods' | readonly string[] | undefined]>([
    ['unsafe-methods'],
    [['POST', 'PURGE']],
    [undefined],
  ])('takes the methods %p', (methods) => {
    expect(() => createVerifier(portal, { consume: { lease: 30, methods } })).not.toThrow()
  })

  it.each(['manual', 'GET', null, ['get'], [/POST/], {}, true])(
    'does not take the methods %p',
    (methods) => {
      const consume = { lease: 30, methods }
      expectMisconfigured(() => createGuard(portal, options({ consume })), 'option_invalid')
    },
  )

  it('does not go together with `manual`, and says what does', () => {
    const consume = { lease: 30, methods: 'manual' }
    expect(thrown(() => createGuard(portal, options({ consume })))).toMatchObject({
      message: expect.stringMatching(/"consume.methods" is not "unsafe-methods" or a list/),
    })
  })

  it('has no other member than `lease` and `methods`', () => {
    const consume = { lease: 30, method: ['GET'] }
    expectMisconfigured(() => createGuard(portal, options({ consume })), 'option_unknown')
    expect(() => createGuard(portal, options({ consume }))).toThrow(
      /`consume` has no option "method".*lease, methods/,
    )
  })

  it.each([{}, { methods: ['POST'] }, null, 30, 'lease'])('is not spelled %p', (consume) => {
    expectMisconfigured(() => createGuard(portal, options({ consume })), 'option_invalid')
  })

  it('is refused at construction where the store has no leases', () => {
    for (const each of [
      portal,
      message({ secret: CURRENT }),
      [portal, link({ secret: CURRENT })],
    ]) {
      const refused = () =>
        createGuard(each, {
          replayStore: withoutLeases,
          consume: { lease: 30 },
          allowSecretReuse: true,
        })
      expectMisconfigured(refused, 'option_invalid')
      expect(refused).toThrow(/"replayStore" is not a store with `leases`/)
    }
  })

  it('needs no leases where nothing is used once', () => {
    const guard = { replayStore: withoutLeases, consume: { lease: 30 } }
    expect(() => createGuard(link({ secret: CURRENT }), guard)).not.toThrow()
    expect(() =>
      createGuard(message({ secret: CURRENT }), { consume: { lease: 30 } }),
    ).not.toThrow()
  })

  it('needs a whole store, leases and all', () => {
    for (const missing of ['reserve', 'commit', 'release', 'look']) {
      const replayStore = storeOf()
      const broken = { ...replayStore, leases: { ...replayStore.leases, [missing]: undefined } }
      for (const consume of [{ lease: 30 }, 'unsafe-methods']) {
        expectMisconfigured(
          () => createGuard(portal, options({ replayStore: broken, consume })),
          'option_invalid',
        )
      }
    }
    for (const leases of [null, 1, true]) {
      const broken = { ...withoutLeases, leases }
      expectMisconfigured(
        () => createGuard(portal, options({ replayStore: broken })),
        'option_invalid',
      )
    }
  })

  it('warns in production as burning does, where the portal brings the store', () => {
    const warnings = catchWarnings()
    inProduction(() => createGuard(once({ secret: CURRENT }), { consume: { lease: 30 } }))
    expect(warnings.codes()).toEqual(['COUNTERSIGN_MEMORY_STORE'])
    jest.restoreAllMocks()
  })
})

describe('the option `storeDeadline`', () => {
  it.each([0.01, 0.5, 2, undefined])('takes %p seconds', (storeDeadline) => {
    expect(() => createVerifier(portal, { storeDeadline })).not.toThrow()
  })

  it.each([0, 0.009, -1, 2.001, 500, NaN, Infinity, '1', null])(
    'does not take %p seconds',
    (storeDeadline) => {
      for (const create of [createVerifier, createGuard]) {
        expectMisconfigured(() => create(portal, options({ storeDeadline })), 'option_invalid')
      }
    },
  )
})
