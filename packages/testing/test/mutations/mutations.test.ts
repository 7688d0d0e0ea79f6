import type { Portal } from '@countersign/core'
import { portalCases, signEndpointCases, type ConformanceCase } from '@countersign/testing'
import { expectPass, findingsOf } from '../support/findings'
import { changed, openMutants, type Mutants } from './mutants'
import { mutations } from './mutations'
import { ada, COOKIE, portals, type Format, type Mount } from './portals'

let mutants: Mutants
beforeAll(async () => {
  mutants = await openMutants()
})
afterAll(() => mutants.close())

function casesFor(format: Format, mount: Mount): readonly ConformanceCase[] {
  const portal: Portal = portals[format]
  const route = `/${mount}/${format}`
  if (mount !== 'sign') return portalCases(portal, route, { mode: mount })
  return signEndpointCases(portal, route, { asUser: { cookie: COOKIE }, user: ada })
}

it.each(Object.keys(portals) as Format[])(
  'a sound middleware passes each case of %s',
  async (format) => {
    const origin = await mutants.start(null)
    for (const mount of ['required', 'optional', 'sign'] as const) {
      await expectPass(casesFor(format, mount), origin)
    }
  },
)

describe('the cases catch a middleware that', () => {
  it.each([...mutations])('$name', async ({ format, mount, caughtBy, ...change }) => {
    const origin = await mutants.start(change)
    const cases = casesFor(format, mount)
    for (const id of caughtBy) {
      const found = findingsOf(
        cases.filter((each) => each.id === id),
        origin,
      )
      expect(Object.keys(await found)).toEqual([id])
    }
  })

  it('is changed in at least 30 ways', () => {
    expect(mutations.length).toBeGreaterThanOrEqual(30)
    for (const mutation of mutations) expect(() => changed(mutation)).not.toThrow()
  })
})
