import { ConfigError, createVerifier } from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '@countersign/schemes'
import { signedLink } from '@countersign/testing'
import request from 'supertest'
import { guarded } from '../support/apps'
import { NAMES, NOW, now, sample, secret } from '../support/mint-portals'
import { codeOf } from '../support/view'

const ada = { id: 'u_1', email: 'ada@example.com' }

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'nothing failed',
    (error: unknown) => error,
  )
}

describe('a signed link', () => {
  const linked = NAMES.filter((name) => name !== 'acme')

  it.each(linked)('opens the page of an app of %s', async (name) => {
    const { portal, user, guard } = sample(name)
    const app = guarded('Koa 3', portal, guard)
    const link = await signedLink(portal, user, { now, path: '/vote' })
    expect(link).toMatch(/^\/vote\?[\w]+=[\w%.=-]+$/)
    await request(app).get(link).expect(200)
  })

  it('has the path that the portal’s own links have, where the app says no other', async () => {
    const portal = featkit({ secret, slug: 'acme' })
    expect(await signedLink(portal, ada, { now })).toMatch(
      /^\/p\/acme\?token=[\w=-]+\.[0-9a-f]{64}$/,
    )
    const hosted = seggwat({
      secret,
      projectKey: 'abc123',
      baseUrl: 'https://self.example/feedback/',
    })
    expect(await signedLink(hosted, ada, { now })).toMatch(/^\/feedback\/p\/abc123\?token=/)
    expect(await signedLink(hosted, ada, { now, path: '/vote' })).toMatch(/^\/vote\?token=/)
  })

  it('is whole where it is asked for whole', async () => {
    const portal = harlyy({ secret, businessId: 'b1', surveyId: 's1' })
    const link = await signedLink(portal, {}, { now, whole: true })
    expect(link).toMatch(/^https:\/\/survey\.harlyy\.com\/b1\/s1\?sig=/)
    expect(await signedLink(portal, {}, { now, whole: true, path: '/x' })).toMatch(
      /^https:\/\/survey\.harlyy\.com\/x\?sig=/,
    )
  })

  it('keeps the query of the page', async () => {
    const link = await signedLink(featkit({ secret }), ada, { now, path: '/vote?idea=7' })
    expect(link).toMatch(/^\/vote\?idea=7&token=/)
  })

  it('is the parameter that fdback’s browser client sends', async () => {
    const portal = fdback({ secret, workspaceId: 'ws_demo' })
    expect(await signedLink(portal, ada, { now })).toMatch(/^\/api\/auth\/sdk-login\?data=/)
  })

  it('is wrong in the way that it is told to be', async () => {
    const portal = featkit({ secret })
    const target = await signedLink(portal, ada, { now, path: '/', defect: 'expired' })
    const view = {
      method: 'GET',
      target,
      headers: () => [],
      body: () => Buffer.alloc(0),
      native: {},
    }
    expect(codeOf(await createVerifier(portal, { now }).verify(view))).toBe('token_expired')
    expect(await signedLink(portal, ada, { path: '/', defect: 'missing' })).toBe('/')
    expect(await signedLink(portal, ada, { path: '/', defect: 'bareParameter' })).toBe('/?token')
  })

  it('lives as long as it is told to', async () => {
    const portal = featkit({ secret })
    const target = await signedLink(portal, ada, { now, path: '/', expiresIn: 60 })
    const view = {
      method: 'GET',
      target,
      headers: () => [],
      body: () => Buffer.alloc(0),
      native: {},
    }
    const verifier = createVerifier(portal, { now: () => NOW + 60_000 })
    expect(codeOf(await verifier.verify(view))).toBe('token_expired')
  })

  it.each<[string, () => Promise<string>, string]>([
    ['has no path of its own', () => signedLink(featkit({ secret }), ada), 'slug'],
    [
      'travels in a header',
      () => signedLink(sample('acme').portal, sample('acme').user),
      'signed(',
    ],
    [
      'has its defect in a header',
      () => signedLink(featkit({ secret }), ada, { path: '/', defect: 'bearerTwice' }),
      'signed(',
    ],
    [
      'is to be used twice',
      () => signedLink(harlyy({ secret }), {}, { path: '/', defect: 'replayed' }),
      'twice',
    ],
  ])('does not exist for what %s', async (_, work, hint) => {
    const error = await failure(work())
    expect(error).toBeInstanceOf(ConfigError)
    expect(error).toMatchObject({ message: expect.stringContaining(hint) })
  })
})
