import { signEndpointCases, type WireRequest } from '@countersign/testing'
import request from 'supertest'
import { createPortals } from '../src/portals'
import { demoForTests, SECRETS } from './running-demo'

const demo = demoForTests()
let cookie = ''

beforeAll(async () => {
  const { headers } = await request(demo.appOrigin)
    .post('/session')
    .type('form')
    .send({ user: 'ada' })
  cookie = String(headers['set-cookie']).split(';')[0] as string // the first part is name and value
})

const asUser = (sent: WireRequest): WireRequest => ({
  ...sent,
  headers: [...sent.headers, ['cookie', cookie]],
})
const portals = createPortals(SECRETS, 'http://localhost')

describe.each([
  ['/sign/featkit', portals.featkit, SECRETS.featkit],
  ['/sign/seggwat-hmac', portals.seggwatHmac, SECRETS.seggwatHmac],
  ['/sign/seggwat-jwt', portals.seggwatJwt, SECRETS.seggwatJwt],
  ['/sign/harlyy', portals.harlyy, SECRETS.harlyy],
  ['/sign/fdback', portals.fdback, SECRETS.fdback],
])('the endpoint %s', (route, portal, secret) => {
  it.each([...signEndpointCases(portal, route, { asUser, secret })])('$name', async ({ run }) => {
    await expect(run(demo.appOrigin)).resolves.toBeUndefined()
  })
})
