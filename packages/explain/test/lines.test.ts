import { explain } from '../src'
import { NAMES, portals, secret } from './support/portals'
import { LANGUAGES, programFor, runPrograms } from './support/programs'

const all = NAMES.flatMap((portal) => LANGUAGES.map((language) => ({ portal, language })))
let printed: readonly string[]

beforeAll(async () => {
  printed = await runPrograms(all.map(({ portal, language }) => programFor(portal, language)))
})

describe('the lines that sign', () => {
  it.each([...all.entries()])(
    'make a credential that the portal accepts: %i %o',
    async (index, { portal }) => {
      const explanation = await explain(printed[index]!, { portal: portals[portal], secret })
      expect(explanation).toMatchObject({ verdict: 'accepted', code: null, causes: [] })
    },
  )
})
