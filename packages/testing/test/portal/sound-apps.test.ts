import { portalCases, type CaseResponse, type PortalCaseOptions } from '@countersign/testing'
import { failingIds } from '../support/failing'
import { FRAMEWORKS, guarded } from '../support/apps'
import { NAMES, now, sample, type SampleName } from '../support/mint-portals'

const whoami = ({ body }: CaseResponse): unknown => (body as { readonly id?: unknown }).id

function casesFor(name: SampleName, options: PortalCaseOptions<never> = {}) {
  const { portal, user, guard } = sample(name)
  const app = (framework: (typeof FRAMEWORKS)[number]) =>
    guarded(framework, portal, { ...guard, ...options })
  return { app, cases: portalCases(portal, '/vote', { ...guard, now, user, whoami, ...options }) }
}

describe.each(FRAMEWORKS)('a sound app of %s', (framework) => {
  it.each(NAMES)('passes each case of %s', async (name) => {
    const { app, cases } = casesFor(name)
    expect(await failingIds(cases, app(framework))).toEqual([])
    expect(cases.length).toBeGreaterThan(40)
  })
})
