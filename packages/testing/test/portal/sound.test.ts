import { portalCases, type CaseResponse } from '@countersign/testing'
import { guarded } from '../support/apps'
import { expectPass } from '../support/findings'
import { NAMES, now, sample, type SampleName } from '../support/samples'

const whoami = ({ body }: CaseResponse): unknown => (body as { readonly id?: unknown }).id

/** One for each way in which credentials travel. */
const FEW: readonly SampleName[] = ['FeatKit', 'Harlyy', 'fdback', 'acme']

describe.each(['Express 5', 'Koa 2'] as const)('a sound app of %s', (framework) => {
  const thorough = framework === 'Express 5'

  it.each(thorough ? NAMES : FEW)('passes each case of %s', async (name) => {
    const { portal, user, guard } = sample(name)
    const cases = portalCases(portal, '/vote', { ...guard, now, user, whoami, thorough })
    await expectPass(cases, guarded(framework, portal, guard))
  })
})
