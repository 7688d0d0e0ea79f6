import {
  createGuard,
  createSignEndpoint,
  createSigner,
  createVerifier,
  memoryReplayStore,
} from '@countersign/core'
import { fdback, harlyy, seggwat } from '@countersign/core/schemes'
import { refusal } from './support/errors'
import { forgeLink } from './support/forge'
import { NOW, now, outcome, view } from './support/request'
import { link } from './support/schemes'
import { CURRENT as secret } from './support/secrets'

const portal = link({ secret, slug: 'acme' })
const user = () => ({ id: 'u1' })
const signer = createSigner(portal)
const endpoint = (options: object) => createSignEndpoint(portal, { user, ...options })

describe('an unknown option', () => {
  it.each<readonly [string, string, string, (wrong: object) => unknown]>([
    ['featkit', 'secert', 'secret', (wrong) => link(wrong as never)],
    ['seggwat', 'projectkey', 'projectKey', (wrong) => seggwat({ secret, ...wrong })],
    ['harlyy', 'surveyID', 'surveyId', (wrong) => harlyy({ secret, ...wrong })],
    ['fdback', 'workspace_id', 'workspaceId', (wrong) => fdback({ secret, ...wrong })],
    ['createVerifier', 'bearar', 'bearer', (wrong) => createVerifier(portal, wrong)],
    ['createGuard', 'rejection', 'rejections', (wrong) => createGuard(portal, wrong)],
    ['f', 'onRotatedkey', 'onRotatedKey', (wrong) => createGuard(portal, wrong, 'f()')],
    ['createSigner', 'expiresin', 'expiresIn', (wrong) => createSigner(portal, wrong)],
    ['sign', 'nonse', 'nonce', (wrong) => signer.sign({ id: 'u1' }, wrong)],
    ['createSignEndpoint', 'respnd', 'respond', (wrong) => endpoint(wrong)],
    ['memoryReplayStore', 'maxEntrys', 'maxEntries', (wrong) => memoryReplayStore(wrong)],
  ])('is refused by %s(): "%s" instead of "%s"', async (owner, name, meant, work) => {
    const error = await refusal((async () => work({ [name]: 1 }))())
    const message = `${owner}() has no option "${name}". Did you mean "${meant}"?`
    expect(error).toMatchObject({ reason: 'option_unknown', message })
  })
})

describe('a polluted prototype', () => {
  const urls = { slug: 'evil', baseUrl: 'https://evil.example' }
  const pollution = { ...urls, mode: 'jwt', bearer: 1, expiresIn: 60, embed: true, nonce: 'n' }
  beforeEach(() => {
    Object.assign(Object.prototype, pollution)
  })
  afterEach(() => {
    for (const name of Object.keys(pollution)) Reflect.deleteProperty(Object.prototype, name)
  })

  it('changes no option of a guard, a portal or a signer', async () => {
    expect(() => createGuard(portal, {})).not.toThrow()
    const { ids, baseUrl } = link({ secret })
    expect([ids['slug'], baseUrl]).toEqual([undefined, 'https://featkit.com'])
    const { expiresAt } = await createSigner(portal, { now }).sign({ id: 'u1' }, {})
    expect(expiresAt).toBe(NOW + 86_400_000)
  })

  // `seggwat` reads `mode` by destructuring, which searches the prototype
  it('does not change the mode of a SeggWat portal', () => {
    expect(seggwat({ secret }).scheme.codec.header).toBeNull()
  })
})

describe('the default clock', () => {
  it('is `Date.now` as it is when a request arrives', async () => {
    const verifier = createVerifier(portal)
    const sign = endpoint({ expiresIn: 60 })
    const clock = jest.spyOn(Date, 'now').mockReturnValue(NOW)
    expect(outcome(await verifier.verify(view({ query: `token=${forgeLink()}` })))).toBe('200')
    expect((await signer.sign({ id: 'u1' }, { expiresIn: 60 })).expiresAt).toBe(NOW + 60_000)
    const headers = [['sec-fetch-site', 'same-origin']] as const
    const { body } = await sign(view({ method: 'POST', headers }))
    expect(JSON.parse(body)).toMatchObject({ expiresAt: NOW + 60_000 })
    clock.mockRestore()
  })
})
