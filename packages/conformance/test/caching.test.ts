import type { Portal } from '@countersign/core'
import { fdback, seggwat } from '@countersign/schemes'
import {
  catalogue,
  cataloguePortal,
  freshStore,
  fronts,
  settingOptions,
  verdictOf,
  type Answer,
  type FrontOptions,
  type OpenFront,
} from '../src'
import { credentialOf, forge } from './forge'

const { secrets, projectKey } = catalogue

const nameOf = ({ handled }: Answer): unknown => handled?.user?.name

/** Two different credentials that begin and end alike: `ends` characters on each side. */
function lookAlikes(ends: number): readonly [string, string] {
  const seen = new Map<string, string>()
  for (let count = 0; ; count++) {
    const name = String(count).padStart(6, '0')
    const token = credentialOf(forge('jwt', { claims: { name } }))
    const twin = seen.get(token.slice(-ends))
    if (twin !== undefined) return [twin, name]
    seen.set(token.slice(-ends), name)
  }
}

describe.each(fronts)('a credential that was accepted before, on $name', (front) => {
  let time = catalogue.now
  const now = (): number => time
  const opened: OpenFront[] = []
  async function openFront(portal: Portal, options: FrontOptions = { now }): Promise<OpenFront> {
    const open = await front.open(portal, options)
    opened.push(open)
    return open
  }
  afterEach(async () => {
    time = catalogue.now
    await Promise.all(opened.splice(0).map((open) => open.close()))
  })

  it.each(['featkit', 'seggwat', 'jwt'] as const)(
    'CA-01: is refused once the clock has passed its end: %s',
    async (scheme) => {
      const open = await openFront(cataloguePortal(scheme))
      const request = forge(scheme)
      const verdicts = [verdictOf(await open.send(request))]
      for (const later of [3_599_999, 3_600_000, 3_600_000_000]) {
        time = catalogue.now + later
        verdicts.push(verdictOf(await open.send(request)))
      }
      expect(verdicts).toEqual(['200', '200', '401 token_expired', '401 token_expired'])
    },
  )

  it('CA-02: is refused once its secret is gone, at the latest a minute later', async () => {
    const workspaces = new Map([['ws_demo', secrets.A]])
    const secret = ({ tenant }: { readonly tenant: string | null }): string | null =>
      workspaces.get(tenant ?? '') ?? null
    const open = await openFront(fdback({ secret }))
    const request = forge('fdback')
    const before = verdictOf(await open.send(request))
    workspaces.set('ws_demo', secrets.B)
    time += 60_000
    const replaced = verdictOf(await open.send(request))
    workspaces.clear()
    time += 60_000
    const gone = verdictOf(await open.send(request))
    expect([before, replaced, gone]).toEqual([
      '200',
      '401 signature_invalid',
      '401 signature_invalid',
    ])
  })

  it('CA-03: does not pass for one that begins and ends alike', async () => {
    const open = await openFront(cataloguePortal('jwt'))
    const names = lookAlikes(3)
    const requests = names.map((name) => forge('jwt', { claims: { name } }))
    const [first = '', second = ''] = requests.map(credentialOf)
    expect(first.slice(0, 100)).toBe(second.slice(0, 100))
    expect(first.slice(-3)).toBe(second.slice(-3))
    const answers: Answer[] = []
    for (const request of [...requests, ...requests]) answers.push(await open.send(request))
    expect(answers.map(nameOf)).toEqual([...names, ...names])
  })

  it('CA-04: does not pass for another of the same user for the same project', async () => {
    const open = await openFront(cataloguePortal('seggwat'))
    const names = ['First', 'Second', 'First']
    const answers: Answer[] = []
    for (const name of names) answers.push(await open.send(forge('seggwat', { claims: { name } })))
    expect(answers.map(nameOf)).toEqual(names)
  })

  it('CA-05: is judged anew by another project, another scheme and other options', async () => {
    const portal = cataloguePortal('seggwat')
    const request = forge('seggwat')
    const judges: readonly (readonly [Portal, FrontOptions?])[] = [
      [portal],
      [seggwat({ secret: secrets.A, projectKey: `${projectKey}-2` })],
      [cataloguePortal('jwt')],
      [cataloguePortal('featkit')],
      [portal, { now, maxLifetime: 60 }],
      [seggwat({ secret: secrets.B, projectKey })],
      [portal],
    ]
    const verdicts: string[] = []
    for (const [judge, options] of judges) {
      const open = await openFront(judge, options)
      verdicts.push(verdictOf(await open.send(request)))
    }
    expect(verdicts).toEqual([
      '200',
      '401 audience_mismatch',
      '401 token_malformed',
      '401 token_malformed',
      '401 lifetime_exceeded',
      '401 signature_invalid',
      '200',
    ])
  })

  it('CA-07: is refused where it counts only once, also after it was looked at', async () => {
    const setting = settingOptions({ scheme: 'harlyy', remembers: true }, freshStore())
    const open = await openFront(cataloguePortal('harlyy'), setting)
    const { target } = forge('harlyy')
    const verdicts: string[] = []
    for (const method of ['GET', 'GET', 'POST', 'POST', 'GET']) {
      verdicts.push(verdictOf(await open.send({ method, target })))
    }
    expect(verdicts).toEqual(['200', '200', '200', '401 token_replayed', '401 token_replayed'])
  })
})
