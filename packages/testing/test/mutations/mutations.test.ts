import type { Portal } from '@countersign/core'
import { portalCases, signEndpointCases, type ConformanceCase } from '../../src'
import { answerMutations } from './answer-mutations'
import { checkMutations } from './check-mutations'
import { changed, startMutant, type RunningMutant } from './mutant'
import type { Mount } from './mutation'
import { ada, COOKIE, portals, type Format } from './portals'
import { readingMutations } from './reading-mutations'

const mutations = [...checkMutations, ...readingMutations, ...answerMutations]

function casesFor(format: Format, mount: Mount): readonly ConformanceCase[] {
  const portal: Portal = portals[format]
  const route = `/${mount}/${format}`
  if (mount !== 'sign') return portalCases(portal, route, { mode: mount })
  return signEndpointCases(portal, route, { asUser: { cookie: COOKIE }, user: ada })
}

/** The ids of the cases that fail against an app. */
async function failing(cases: readonly ConformanceCase[], { origin }: RunningMutant) {
  const failed: string[] = []
  for (const each of cases) {
    await each.run(origin).catch(() => failed.push(each.id))
  }
  return failed
}

describe('a sound middleware', () => {
  let running: RunningMutant
  beforeAll(async () => {
    running = await startMutant(null)
  })
  afterAll(() => running.stop())

  it.each(Object.keys(portals) as Format[])('passes every case of %s', async (format) => {
    for (const mount of ['required', 'optional', 'sign'] as const) {
      expect(await failing(casesFor(format, mount), running)).toEqual([])
    }
  })
})

describe('a middleware that', () => {
  it.each(mutations)('$name is found out', async ({ format, mount, caughtBy, ...change }) => {
    const running = await startMutant(change)
    try {
      const failed = await failing(casesFor(format, mount ?? 'required'), running)
      expect(failed).toEqual(expect.arrayContaining([...caughtBy]))
      expect(caughtBy).not.toEqual([])
    } finally {
      await running.stop()
    }
  })
})

it('changes the middleware in 30 ways, each of them in force', () => {
  expect(mutations.length).toBeGreaterThanOrEqual(30)
  for (const mutation of mutations) expect(() => changed(mutation)).not.toThrow()
})
