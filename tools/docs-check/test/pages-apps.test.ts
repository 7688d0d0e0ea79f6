import express, { type Express } from 'express'
import request from 'supertest'
import { createSigner, featkit, seggwat, signEndpoint } from '@countersign/express'
import { run } from './run'
import { example } from './documents'

const secret = 'the secret of the pages, and a long one'
Object.assign(process.env, { FEATKIT_SECRET: secret, SEGGWAT_SIGNING_SECRET: secret })
const portal = seggwat({ projectKey: 'acme', secret })

interface Page {
  readonly app: Express
}

describe('the page of options', () => {
  const { app } = run<Page>(example('docs/options.md', 'app.ts'))
  const origin = 'https://www.example.com'
  const asked = {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'x-csrf-token',
  }

  it('has a sign endpoint that pages of a listed origin may call', async () => {
    const preflight = await request(app).options('/api/portal/sign').set(asked)
    expect(preflight.status).toBe(204)
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': 'x-csrf-token',
    })
    const sent = { origin, cookie: 'session=ada', 'sec-fetch-site': 'cross-site' }
    const signed = await request(app).post('/api/portal/sign').set(sent)
    expect([signed.status, signed.headers['access-control-allow-origin']]).toEqual([200, origin])
    const other = { ...sent, origin: 'https://evil.example' }
    const refused = await request(app).post('/api/portal/sign').set(other)
    expect([refused.status, refused.body.code]).toEqual([403, 'csrf_rejected'])
  })

  it('is right that a route of `app.post` cannot answer a preflight', async () => {
    const sign = signEndpoint(portal, { user: () => null, allowedOrigins: [origin] })
    const answer = await request(express().post('/sign', sign)).options('/sign').set(asked)
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
  })
})

describe('the page of sessions', () => {
  const { app } = run<Page>(example('docs/sessions-and-frames.md', 'portal.ts'))

  it('has a portal that exchanges a link for a session, and opens its page with that', async () => {
    const { pathname, search } = new URL((await createSigner(portal).sign({ id: 42 })).url)
    const entered = await request(app).get(pathname + search)
    expect([entered.status, entered.headers['location']]).toEqual([303, pathname])
    const cookie = entered.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    const { text } = await request(app).get(pathname).set({ cookie })
    expect(text).toBe('Hello 42')
  })

  it('has a portal that shows a visitor without a link what to do', async () => {
    const { status, text } = await request(app).get('/p/acme')
    expect([status, text]).toEqual([401, 'Open the portal from your app.'])
  })
})

it('the page about explanations names the mistakes in a link', async () => {
  const page = run<{ mistakesIn: (link: string) => Promise<readonly string[]> }>(
    example('docs/explain.md', 'explain.ts'),
  )
  const { url } = await createSigner(featkit({ secret, slug: 'acme' })).sign({ id: 1 })
  expect(await page.mistakesIn(url)).toEqual([])
  const mistake = expect.stringContaining('after it was made: something follows it.')
  expect(await page.mistakesIn(`${url}0`)).toEqual([mistake])
})
