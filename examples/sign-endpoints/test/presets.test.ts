import './environment'
import { createHmac } from 'node:crypto'
import {
  canny,
  chatwoot,
  discourseConnect,
  featurebase,
  intercom,
  type Portal,
  userjot,
  zendesk,
  zendeskMessaging,
} from '@countersign/express'
import { describeSignEndpoint } from '@countersign/testing'
import jwt from 'jsonwebtoken'
import request from 'supertest'
import { app as expressApp } from '../src/express/app'
import { app as koaApp } from '../src/koa/app'

const env = process.env as Readonly<Record<string, string>> // see environment.ts
const ada = { id: '7', email: 'ada@example.com', name: 'Ada Okafor' }
const session = jwt.sign({ user: ada }, env['SESSION_SECRET']!, { expiresIn: '1h' })
const asUser = { cookie: `session=${session}` }

const sso = Buffer.from('nonce=n1').toString('base64')
const sig = createHmac('sha256', env['DISCOURSE_SECRET']!).update(sso).digest('hex')
const sent = `?${new URLSearchParams({ sso, sig }).toString()}`

const portals: readonly (readonly [route: string, portal: Portal, secret: string])[] = [
  ['/api/intercom/sign', intercom({ secret: env['INTERCOM_SECRET'] }), 'INTERCOM_SECRET'],
  ['/api/canny/sign', canny({ companyId: 'c1', secret: env['CANNY_SECRET'] }), 'CANNY_SECRET'],
  [
    '/api/featurebase/sign',
    featurebase({ organization: 'lantern', secret: env['FEATUREBASE_SECRET'] }),
    'FEATUREBASE_SECRET',
  ],
  [
    '/api/userjot/sign',
    userjot({ projectId: 'p1', secret: env['USERJOT_SECRET'] }),
    'USERJOT_SECRET',
  ],
  [
    '/api/zendesk/sign',
    zendesk({ subdomain: 'lantern', secret: env['ZENDESK_SECRET'] }),
    'ZENDESK_SECRET',
  ],
  [
    '/api/messaging/sign',
    zendeskMessaging({ keyId: 'app_1', secret: env['ZENDESK_MESSAGING_SECRET'] }),
    'ZENDESK_MESSAGING_SECRET',
  ],
  ['/api/chatwoot/sign', chatwoot({ secret: env['CHATWOOT_SECRET'] }), 'CHATWOOT_SECRET'],
]

describe.each([
  ['Express', expressApp],
  ['Koa', koaApp.callback()],
])('with %s', (_, app) => {
  describe.each(portals)('%s', (route, portal, secret) => {
    describeSignEndpoint(app, { route, portal, secret: env[secret]!, asUser, user: ada })
  })

  describe('the login of the forum', () => {
    const portal = discourseConnect({
      baseUrl: env['DISCOURSE_URL'],
      secret: env['DISCOURSE_SECRET'],
    })
    describeSignEndpoint(app, {
      ...{ route: `/discourse/sso${sent}`, method: 'GET', respond: 'redirect', user: ada },
      ...{ portal, secret: env['DISCOURSE_SECRET']!, asUser, acceptRefusal: toLogin },
    })
  })

  it.each(['canny', 'featurebase', 'userjot', 'zendesk'])(
    'sends a signed-out visitor of %s through the login and back',
    async (portal) => {
      const { headers } = await request(app).get(`/${portal}/login?state=1`).expect(302)
      const back = encodeURIComponent(`/${portal}/login?state=1`)
      expect(headers['location']).toBe(`/login?return_to=${back}`)
    },
  )
})

/** A signed-out visitor goes to the login first. */
function toLogin({ status, headers }: { status: number; headers: Record<string, unknown> }) {
  return status === 302 && String(headers['location']).startsWith('/login?return_to=')
}
