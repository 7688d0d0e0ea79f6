import { createHmac } from 'node:crypto'
import { Key } from '@countersign/core'
import { explain, type CauseId } from '../src'
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

describe('mistakes that only some formats can have', () => {
  const jwt = (header: object, claims: object) => {
    const input = [header, claims].map((each) =>
      Buffer.from(JSON.stringify(each)).toString('base64url'),
    )
    const mac = createHmac('sha256', secret).update(input.join('.'))
    return `${input.join('.')}.${mac.digest('base64url')}`
  }
  const now = Math.floor(Date.now() / 1000)
  const times = { iat: now, exp: now + 60 }

  it.each<[CauseId, string, string]>([
    [
      'secret-undecoded',
      'pylon',
      `ada@example.com.${createHmac('sha256', secret).update('ada@example.com').digest('hex')}`,
    ],
    [
      'claim-value',
      'userjot',
      jwt({ alg: 'HS256' }, { sub: '42', iss: 'abc', aud: 'x', ...times }),
    ],
    [
      'tenant-other',
      'zendeskMessaging',
      jwt({ alg: 'HS256', kid: 'other' }, { scope: 'user', external_id: '42', ...times }),
    ],
    [
      'claim-missing',
      'canny',
      jwt({ alg: 'HS256' }, { id: '42', email: 'a@example.com', ...times }),
    ],
    ['claim-name', 'intercom', jwt({ alg: 'HS256' }, { sub: '42', ...times })],
  ])('are named: %s for %s', async (id, name, given) => {
    const portal = everyPortal.find(([each]) => each === name)![1]
    const { causes } = await explain(given, { portal, secret, ...retentionOf(portal) })
    expect(causes.map((each) => each.id)).toEqual([id])
  })
})
