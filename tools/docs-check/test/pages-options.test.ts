import express, { type Express } from 'express'
import request from 'supertest'
import { seggwat, signEndpoint } from '@countersign/express'
import { run } from './run'
import { example } from './documents'

const secret = (process.env['SEGGWAT_SIGNING_SECRET'] = 'the secret of the page, and a long one')
const { app } = run<{ app: Express }>(example('docs/options.md', 'app.ts'))

const origin = 'https://www.example.com'
const asked = {
  origin,
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'x-csrf-token',
}

describe('the page of options', () => {
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
    const portal = seggwat({ projectKey: 'acme', secret })
    const sign = signEndpoint(portal, { user: () => null, allowedOrigins: [origin] })
    const answer = await request(express().post('/sign', sign)).options('/sign').set(asked)
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
  })
})
