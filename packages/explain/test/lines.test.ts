import { Key } from '@countersign/core'
import { explain } from '../src'
import { everyPortal, retentionOf, secret, signedFor } from './support/portals'
import { LANGUAGES, programFor, runPrograms } from './support/programs'

const all = everyPortal.flatMap(([name, portal]) =>
  LANGUAGES.map((language) => ({ name, language, portal })),
)
let printed: readonly string[]

beforeAll(async () => {
  printed = await runPrograms(all.map(({ portal, language }) => programFor(portal, language)))
})

describe('the lines that sign', () => {
  it.each(all.map(({ name, language }, index) => [language, name, index] as const))(
    'in %s make a credential that %s accepts',
    async (_, _name, index) => {
      const { portal } = all[index]!
      const options = { portal, secret, ...retentionOf(portal) }
      expect(await explain(printed[index]!, options)).toMatchObject({ verdict: 'accepted' })
    },
  )
})

describe('for every scheme of core', () => {
  it.each(everyPortal)('names a mistake in a credential of %s', async (_, portal) => {
    const options = { portal, secret, ...retentionOf(portal) }
    expect(await explain(await signedFor(portal), options)).toMatchObject({ verdict: 'accepted' })
    const key = new Key(Buffer.from(`${secret}\n`), { id: null, notAfter: Infinity })
    const wrong = { ...portal, keys: { known: [key], keysOf: () => [key] } }
    const { causes, decoded } = await explain(await signedFor(wrong), options)
    expect(causes.map(({ id }) => id)).toEqual(['secret-white-space'])
    expect(decoded.claims).not.toBeNull()
    const other = await explain('nothing', options)
    expect([other.verdict, other.causes.length > 0]).toEqual(['refused', true])
  })
})
