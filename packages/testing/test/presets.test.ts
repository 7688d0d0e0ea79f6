import { createHmac } from 'node:crypto'
import type { InputOf, Portal } from '@countersign/core'
import {
  canny,
  chatwoot,
  discourseConnect,
  fdback,
  zendesk,
  zendeskMessaging,
} from '@countersign/core/schemes'
import { requireSignedUser, signEndpoint } from '@countersign/express'
import {
  describePortal,
  describeSignEndpoint,
  signEndpointCases,
  testSecret,
} from '@countersign/testing'
import express, { type Request } from 'express'
import { expectPass, findingsOf } from './support/findings'

const secret = testSecret('presets')
const ada = { id: '7', email: 'ada@example.com', name: 'Ada Okafor' }
const asUser = { cookie: 'session=ada' }

const challenge = Buffer.from('nonce=n1').toString('base64')
const signature = createHmac('sha256', secret).update(challenge).digest('hex')
const fromTheForum = `?sso=${encodeURIComponent(challenge)}&sig=${signature}`

/** One for each way in which credentials travel. `query` is what the portal's own redirect brings along. */
const portals: readonly (readonly [name: string, portal: Portal, query: string])[] = [
  ['canny', canny({ secret, companyId: 'c1' }), ''],
  ['chatwoot', chatwoot({ secret }), ''],
  ['discourseConnect', discourseConnect({ secret, baseUrl: 'https://f.example' }), fromTheForum],
  ['zendesk', zendesk({ secret, subdomain: 'acme' }), ''],
  ['zendeskMessaging', zendeskMessaging({ secret, keyId: 'app_1' }), ''],
]

describe.each(portals)('an app for %s', (_, portal, query) => {
  const options = portal.scheme.name === 'discourseConnect' ? { nonceRetention: 600 } : {}
  const user = ({ headers }: Request) => (headers.cookie === asUser.cookie ? ada : null)
  const app = express()
  app.all('/portal', requireSignedUser(portal, options), ({ portalUser }, res) => {
    res.json({ id: portalUser?.id, email: portalUser?.email, name: portalUser?.name })
  })
  app.all('/sign', signEndpoint(portal as Portal<never, object>, { user })) // each takes this user
  const input = ada as InputOf<typeof portal> // each takes this user

  describePortal(app, { route: '/portal', portal, user: input, thorough: true, ...options })
  describeSignEndpoint(app, { route: `/sign${query}`, portal, secret, asUser, user: ada })
})

it.each([
  ['zendesk', zendesk({ secret, subdomain: 'acme' })],
  ['fdback', fdback({ secret, workspaceId: 'acme' })],
] as const)('a page that posts a form to %s', async (_, portal: Portal) => {
  const respond = 'redirect'
  const user = ({ headers }: Request) => (headers.cookie === asUser.cookie ? ada : null)
  const app = express().all(
    '/sign',
    signEndpoint(portal as Portal<never, object>, { user, respond }),
  ) // both take this user
  await expectPass(signEndpointCases(portal, '/sign', { asUser, respond, user: ada, secret }), app)
  const elsewhere = express().all('/sign', (_req, res) => void res.send('<form action="/x">'))
  const findings = await findingsOf(
    signEndpointCases(portal, '/sign', { asUser, respond }),
    elsewhere,
  )
  expect(findings['signed-in']?.received).toContain('no page with a form to post')
})
