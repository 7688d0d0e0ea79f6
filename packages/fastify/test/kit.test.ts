import { describePortal, describeSignEndpoint } from '@countersign/testing'
import fastify, { type FastifyRequest } from 'fastify'
import { requireSignedUser, signEndpoint } from '../src'
import { links, requests } from './portals'

const ada = { id: 7, email: 'ada@example.com', name: 'Ada' }
const cookie = 'session=ada'
const route = '/vote'
const whoami = ({ body }: { readonly body: unknown }) => (body as { readonly id: unknown }).id // see the handler

/** Options that change which requests a guard accepts. */
const optional = { mode: 'optional', bearer: true } as const
for (const [portal, options] of [
  [links, optional],
  [requests, {}],
] as const) {
  const onRequest = requireSignedUser(portal as typeof links, options) // their users have an id
  const app = fastify().all(route, { onRequest }, async ({ portalUser }) => ({
    id: portalUser?.id ?? null,
  }))
  describePortal(app, { route, portal, whoami, ...options })
}

const user = ({ headers }: FastifyRequest) => (headers.cookie === cookie ? ada : null)
const app = fastify().register(signEndpoint(requests, { user }), { prefix: '/sign' })
describeSignEndpoint(app, { route: '/sign', portal: requests, asUser: { cookie }, user: ada })
