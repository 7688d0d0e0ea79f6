import { answerFaults } from './answer-zoo'
import { koaFaults } from './koa-zoo'
import { mountingFaults } from './mounting-zoo'
import { replayFaults } from './replay-zoo'
import { signFaults } from './sign-zoo'
import type { Species } from './species'

const portals = [...mountingFaults, ...answerFaults, ...replayFaults, ...koaFaults]

/** What each failing case says, by its id. */
async function findings({ open, cases }: Species): Promise<ReadonlyMap<string, string>> {
  const app = open()
  const found = new Map<string, string>()
  for (const each of cases()) {
    await each.run(app).catch((error: Error) => found.set(each.id, error.message))
  }
  return found
}

describe('an app', () => {
  let warned: jest.SpyInstance
  beforeAll(() => {
    warned = jest.spyOn(process, 'emitWarning').mockImplementation() // mistakes are told there
  })
  afterAll(() => warned.mockRestore())

  it.each(portals)('$name', looksInto)
  it.each(signFaults)('that $name', looksInto)

  async function looksInto(species: Species): Promise<void> {
    const found = await findings(species)
    expect(found.get(species.caughtBy) ?? 'nothing was found').toMatch(species.means)
    if (species.also === 'any') return
    expect([...found.keys()].sort()).toEqual([species.caughtBy, ...species.also].sort())
  }
})
