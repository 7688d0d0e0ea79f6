import { createSigner, Key, type Portal } from '@countersign/core'
import { explain } from '../src'
import { ada, everyPortal, retentionOf, secret } from './support/portals'
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
    const user = Object.fromEntries(
      Object.entries({ ...ada, username: 'ada' }).filter(([name]) => {
        const field = Object.entries(portal.scheme.claims.user).find(([each]) => each === name)
        return field !== undefined && field[1].isReadOnly !== true
      }),
    )
    const options = { portal, secret, ...retentionOf(portal) }
    const signedBy = async (each: Portal): Promise<string> =>
      textOf((await createSigner(each).sign(user as never)) as object) // of any portal
    expect(await explain(await signedBy(portal), options)).toMatchObject({ verdict: 'accepted' })
    const key = new Key(Buffer.from(`${secret}\n`), { id: null, notAfter: Infinity })
    const wrong = { ...portal, keys: { known: [key], keysOf: () => [key] } }
    const { causes, decoded } = await explain(await signedBy(wrong), options)
    expect(causes.map(({ id }) => id)).toEqual(['secret-white-space'])
    expect(decoded.claims).not.toBeNull()
    const other = await explain('nothing', options)
    expect([other.verdict, other.causes.length > 0]).toEqual(['refused', true])
  })
})

/** What is signed for any portal, as text. */
function textOf(signed: object): string {
  const { url, headers, fields, value, identifier, ...rest } = signed as Readonly<
    Record<string, unknown>
  > // of texts, and of records of them
  if (value !== undefined) {
    const parts = [identifier, value] as readonly (string | undefined)[] // texts
    return parts.filter((each) => each !== undefined).join('.')
  }
  if (headers) return JSON.stringify({ url, headers, ...rest })
  return fields ? String(new URLSearchParams(fields as Record<string, string>)) : String(url)
}
