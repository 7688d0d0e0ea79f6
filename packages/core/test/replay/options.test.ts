import {
  createGuard,
  createVerifier,
  memoryReplayStore,
  type VerifierOptions,
} from '@countersign/core'
import { fdback, featkit, harlyy } from '@countersign/core/schemes'
import { expectMisconfigured } from '../support/errors'
import { CURRENT } from '../support/secrets'

const portal = harlyy({ secret: CURRENT })
const expectInvalid = (options: unknown, of = portal) =>
  expectMisconfigured(() => createVerifier(of, options as VerifierOptions), 'option_invalid') // wrong on purpose

const { leases, ...withoutLeases } = memoryReplayStore()

it.each([{ lease: 0.1 }, { lease: 3_600, methods: ['GET', 'PURGE'] }, [], ['POST'], 'manual'])(
  'accepts `consume: %j`',
  (consume) => {
    expect(() => createVerifier(portal, { consume } as VerifierOptions)).not.toThrow()
  },
)

it.each([
  ...[0, 0.099, 3_600.1, NaN, '30', null, undefined].map((lease) => ({ lease })),
  ...['manual', 'GET', null, ['get'], [/POST/], {}].map((methods) => ({ lease: 30, methods })),
  ...[{}, { methods: ['POST'] }, null, 30, 'lease', 'GET', ['post']],
])('refuses `consume: %j`', (consume) => {
  expectInvalid({ consume })
})

// settings.ts reads each method by `String(method)`, and no request has the method of a list
it('refuses a list of methods in a list', () => {
  expectInvalid({ consume: [['POST']] })
})

it('refuses an unknown member of `consume`, and names the known ones', () => {
  const consume = { lease: 30, mode: ['GET'] } as object
  const create = () => createGuard(portal, { consume } as VerifierOptions) // wrong on purpose
  expectMisconfigured(create, 'option_unknown')
  expect(create).toThrow(/`consume` has no option "mode"\. Its options are lease, methods/)
})

it('refuses `consume: { lease }` where a store has no leases and a credential is single-use', () => {
  const lease = { replayStore: withoutLeases, consume: { lease: 30 } }
  for (const each of [portal, fdback({ secret: CURRENT })]) {
    expect(() => createVerifier(each, lease)).toThrow(/a store with `leases`/)
  }
  expect(() => createVerifier(featkit({ secret: CURRENT }), lease)).not.toThrow()
})

it.each([0.01, 2])('accepts a `storeDeadline` of %p seconds', (storeDeadline) => {
  expect(() => createVerifier(portal, { storeDeadline })).not.toThrow()
})

it.each([0, 0.009, 2.001, 500, NaN, '1', null])('refuses a `storeDeadline` of %p', (given) => {
  expectInvalid({ storeDeadline: given })
})

it('refuses a store that is not complete', () => {
  for (const name of ['claim', 'has', 'durable']) {
    expectInvalid({ replayStore: { ...withoutLeases, [name]: undefined } })
  }
  for (const name of ['reserve', 'commit', 'release', 'look']) {
    expectInvalid({ replayStore: { ...withoutLeases, leases: { ...leases, [name]: undefined } } })
  }
  for (const given of [null, 1, true])
    expectInvalid({ replayStore: { ...withoutLeases, leases: given } })
})

it.each([0, -1, NaN, Infinity, '10'])('refuses a memory store of %p entries', (maxEntries) => {
  const create = () => memoryReplayStore({ maxEntries: maxEntries as number }) // wrong on purpose
  expectMisconfigured(create, 'option_invalid')
})
