import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createVerifier, type Portal } from '@countersign/core'
import { featkit, seggwat } from '@countersign/core/schemes'
import {
  catalogue,
  cataloguePortal,
  fronts,
  outcomeOf,
  PATH,
  rotation,
  viewOf,
  type FrontOptions,
  type OpenFront,
  type SchemeName,
} from '../src'
import { credentialOf, forge } from './forge'
import { quiet } from './quiet'

quiet()

const { secrets, projectKey } = catalogue

/** Names with which two different tokens begin and end with the same characters. */
function lookAlikes(): readonly [string, string] {
  const seen = new Map<string, string>()
  for (let count = 0; ; count++) {
    const name = String(count).padStart(6, '0')
    const end = credentialOf(forge('jwt', { claims: { name } })).slice(-3)
    const twin = seen.get(end)
    if (twin !== undefined) return [twin, name]
    seen.set(end, name)
  }
}

describe.each(fronts)('a credential that was accepted before on $name', (front) => {
  let time = catalogue.now
  const now = (): number => time
  const opened: OpenFront[] = []
  async function open(portal: Portal, options: FrontOptions = { now }): Promise<OpenFront> {
    const one = await front.open(portal, options)
    opened.push(one)
    return one
  }
  afterEach(async () => {
    time = catalogue.now
    await Promise.all(opened.splice(0).map((each) => each.close()))
  })

  it.each(['featkit', 'seggwat', 'jwt'] satisfies SchemeName[])(
    'is refused once it has expired: %s',
    async (scheme) => {
      const { send } = await open(cataloguePortal(scheme))
      const outcomes: string[] = []
      for (const later of [0, 3_599_999, 3_600_000, 3_600_000_000]) {
        time = catalogue.now + later
        outcomes.push(outcomeOf(await send(forge(scheme))))
      }
      expect(outcomes).toEqual(['200', '200', '401 token_expired', '401 token_expired'])
    },
  )

  it('is not taken for another of the same user, or one that begins and ends alike', async () => {
    const { send } = await open(cataloguePortal('jwt'))
    const names = lookAlikes()
    const [first = '', second = ''] = names.map((name) =>
      credentialOf(forge('jwt', { claims: { name } })),
    )
    expect([first.slice(0, 100), first.slice(-3)]).toEqual([second.slice(0, 100), second.slice(-3)])
    const seen: unknown[] = []
    for (const name of [...names, ...names]) {
      seen.push((await send(forge('jwt', { claims: { name } }))).handled?.user?.name)
    }
    expect(seen).toEqual([...names, ...names])
  })

  it('is verified again by other portals and other options', async () => {
    const portal = cataloguePortal('seggwat')
    const table: readonly (readonly [string, Portal, FrontOptions?])[] = [
      ['200', portal],
      ['401 audience_mismatch', seggwat({ secret: secrets.A, projectKey: `${projectKey}-2` })],
      ['401 token_malformed', cataloguePortal('jwt')],
      ['401 token_malformed', cataloguePortal('featkit')],
      ['401 lifetime_exceeded', portal, { now, maxLifetime: 60 }],
      ['401 signature_invalid', seggwat({ secret: secrets.B, projectKey })],
      ['200', portal],
    ]
    const outcomes: string[] = []
    for (const [, verifying, options] of table) {
      const { send } = await open(verifying, options)
      outcomes.push(outcomeOf(await send(forge('seggwat'))))
    }
    expect(outcomes).toEqual(table.map(([expected]) => expected))
  })
})

describe('a verifier', () => {
  it('keeps nothing of refused credentials', async () => {
    const verifier = createVerifier(featkit({ secret: rotation }), { now: () => catalogue.now })
    const [payload = ''] = credentialOf(forge('featkit')).split('.')
    const refuse = async (count: number): Promise<number> => {
      for (let index = 0; index < count; index++) {
        const signature = index.toString(16).padStart(64, '0')
        const target = `${PATH}?token=${payload}.${signature}`
        const { ok } = await verifier.verify(viewOf({ target }))
        if (ok) throw new Error('A forged credential was accepted')
      }
      return heapUsed()
    }
    const before = await refuse(1_000)
    expect((await refuse(30_000)) - before).toBeLessThan(1_000_000) // 33 bytes each
  })
})

/** Bytes in use after a garbage collection. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void // exists since the line before
  collect()
  return process.memoryUsage().heapUsed
}
