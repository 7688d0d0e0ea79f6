import type { Portal } from '@countersign/core'
import { portalCases, signEndpointCases, type ConformanceCase } from '@countersign/testing'
import { expectPass, findingsOf } from '../support/findings'
import { changed, mutant } from './mutants'
import { mutations } from './mutations'
import { ada, COOKIE, portals, type Format, type Mount } from './portals'

function casesFor(format: Format, mount: Mount): readonly ConformanceCase[] {
  const portal: Portal = portals[format]
  const route = `/${mount}/${format}`
  if (mount !== 'sign') return portalCases(portal, route, { mode: mount })
  return signEndpointCases(portal, route, { asUser: { cookie: COOKIE }, user: ada })
}

it('a sound middleware passes each case', async () => {
  const app = await mutant(null)
  for (const format of Object.keys(portals) as Format[])
    for (const mount of ['required', 'optional', 'sign'] as const)
      await expectPass(casesFor(format, mount), app)
})

describe('the cases catch a middleware that', () => {
  it.each([...mutations])('$name', async ({ format, mount, caughtBy, ...change }) => {
    const app = await mutant(change)
    const all = casesFor(format, mount)
    const cases = caughtBy.flatMap((id) => all.filter((each) => each.id === id))
    expect(Object.keys(await findingsOf(cases, app))).toEqual(caughtBy)
  })

  it('is changed in at least 30 ways', () => {
    expect(mutations.length).toBeGreaterThanOrEqual(30)
    for (const mutation of mutations) expect(() => changed(mutation)).not.toThrow()
  })
})
