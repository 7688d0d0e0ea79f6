import { DEFECTS, defectsFor, mint, type Expectation, type WireRequest } from '@countersign/testing'
import { sendRaw } from '../../src/wire/raw-http'
import { FRAMEWORKS, guarded, served, type Framework } from '../support/apps'
import { NAMES, now, sample, type SampleName } from '../support/mint-portals'

/** What a server answers, in the terms of what it must answer. */
async function answerOf(port: number, { query, ...request }: WireRequest): Promise<Expectation> {
  const { status, body } = await sendRaw(port, { ...request, target: `/vote?${query}` })
  const { code = null } = JSON.parse(body) as { readonly code?: string }
  return { status, code }
}

/** What differs from what must be answered: the good one, then each defect. */
function judged(framework: Framework, name: SampleName): Promise<object> {
  const { portal, user, guard } = sample(name)
  return served(guarded(framework, portal, guard), async (port) => {
    const found: [string, Expectation][] = []
    for (const defect of [undefined, ...defectsFor(portal, guard)]) {
      // one moment earlier for the good one: a message signed twice in one moment is one message
      const minted = await mint(portal, user, { now: () => now() - (defect ? 0 : 1), defect })
      for (const each of minted.before) found.push(['before', await answerOf(port, each)])
      found.push([defect ?? 'good', await answerOf(port, minted.request)])
    }
    return found
  })
}

function expected(name: SampleName): object {
  const { portal, guard } = sample(name)
  const good: Expectation = { status: 200, code: null }
  return [
    ['good', good],
    ...defectsFor(portal, guard).flatMap((defect) => [
      ...(defect === 'replayed' ? [['before', good]] : []),
      [defect, DEFECTS[defect].expect],
    ]),
  ]
}

describe.each(FRAMEWORKS)('a server of %s', (framework) => {
  it.each(NAMES)('answers each credential of %s as it must be answered', async (name) => {
    expect(await judged(framework, name)).toEqual(expected(name))
  })
})
