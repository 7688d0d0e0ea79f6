import { createVerifier } from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '@countersign/core/schemes'
import { asStranger, signedLink } from '@countersign/testing'
import supertest7 from 'supertest'
import supertest6 from 'supertest6'
import { viewOf } from '../../src/minting/request'
import { echo, type Echo } from '../http/echo'
import { guarded, served } from '../support/apps'
import { NAMES, NOW, now, sample, secret } from '../support/samples'

const ada = { id: 'u_1', email: 'ada@example.com' }
const portal = featkit({ secret })
const messages = fdback({ secret })

describe('a signed link', () => {
  it.each(NAMES.filter((name) => name !== 'acme'))(
    'opens the page of an app of %s',
    async (name) => {
      const { portal: own, user, guard } = sample(name)
      const link = await signedLink(own, user, { now, path: '/vote' })
      expect(link).toMatch(/^\/vote\?[\w]+=[\w%.=-]+$/)
      await supertest7(guarded('Koa 3', own, guard))
        .get(link)
        .expect(200)
    },
  )

  it('has the path of the portal’s own links by default', async () => {
    const hosted = seggwat({
      secret,
      projectKey: 'abc123',
      baseUrl: 'https://self.example/feedback/',
    })
    expect(await signedLink(hosted, ada, { now })).toMatch(/^\/feedback\/p\/abc123\?token=/)
    expect(await signedLink(hosted, ada, { now, path: '/vote?idea=7' })).toMatch(
      /^\/vote\?idea=7&token=/,
    )
    const message = fdback({ secret, workspaceId: 'ws_demo' })
    expect(await signedLink(message, ada, { now })).toMatch(/^\/api\/auth\/sdk-login\?data=/)
  })

  it('has the defect and the lifetime that it is given', async () => {
    const codeAt = async (options: object, time = NOW) => {
      const link = await signedLink(portal, ada, { now, path: '/', ...options })
      const request = { method: 'GET', query: link.slice(2), headers: [] }
      const result = await createVerifier(portal, { now: () => time }).verify(viewOf(request))
      return result.ok ? null : result.error.code
    }
    expect(await codeAt({ defect: 'expired' })).toBe('token_expired')
    expect(await codeAt({ expiresIn: 60 }, NOW + 59_999)).toBeNull()
    expect(await codeAt({ expiresIn: 60 }, NOW + 60_000)).toBe('token_expired')
    expect(await signedLink(portal, ada, { path: '/', defect: 'missing' })).toBe('/')
  })

  it.each<[string, () => Promise<string>, string]>([
    ['has no path of its own', () => signedLink(portal, ada), 'slug'],
    [
      'travels in a header',
      () => signedLink(sample('acme').portal, sample('acme').user),
      'signed(',
    ],
    [
      'has its defect in a header',
      () => signedLink(portal, ada, { path: '/', defect: 'emptyBearer' }),
      'signed(',
    ],
    [
      'is to be used twice',
      () => signedLink(harlyy({ secret }), {}, { path: '/', defect: 'replayed' }),
      'sign twice',
    ],
  ])('cannot be made for what %s', async (_, work, hint) => {
    await expect(work()).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining(hint),
    })
  })
})

describe.each([
  ['6', supertest6],
  ['7', supertest7],
] as const)('an anonymous request of supertest %s', (_, request) => {
  it('carries none of the headers of the portals that are named, and all others', async () => {
    await served(echo, async (port) => {
      const agent = request.agent(`http://127.0.0.1:${port}`).set('Authorization', 'Bearer x')
      const test = () => agent.post('/vote?page=2').set('X-Signature', 'aa').set('X-Other', 'kept')
      const { acme } = { acme: sample('acme').portal }
      const stranger = asStranger(test(), portal, messages, acme).set('X-WORKSPACE-ID', 'ws_demo')
      const namesOf = ({ rawHeaders }: Echo) => rawHeaders.map((each) => each.toLowerCase())
      const { body } = await stranger.set('X-Acme-User', 'x')
      expect((body as Echo).url).toBe('/vote?page=2')
      expect(namesOf(body as Echo)).toContain('x-other')
      for (const name of ['authorization', 'x-signature', 'x-workspace-id', 'x-acme-user']) {
        expect(namesOf(body as Echo)).not.toContain(name)
      }
      expect(namesOf((await asStranger(test(), portal)).body as Echo)).toContain('x-signature')
    })
    const app = guarded('Express 5', portal, { bearer: true })
    await asStranger(request(app).get('/').set('authorization', 'Bearer x')).expect(
      401,
      /credential_missing/,
    )
  })
})
