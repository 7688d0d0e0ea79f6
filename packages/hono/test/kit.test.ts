import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { describePortal, describeSignEndpoint } from '@countersign/testing'
import { Hono, type Context } from 'hono'
import { requireSignedUser, signEndpoint } from '../src'
import { links, requests } from './portals'

const ada = { id: 7, email: 'ada@example.com', name: 'Ada' }
const cookie = 'session=ada'
const whoami = ({ body }: { readonly body: unknown }) => (body as { readonly id: unknown }).id // see the handler

/** On Node's own server. */
function served({ fetch }: Hono): Server {
  const listen = getRequestListener(fetch)
  return createServer((req, res) => void listen(req, res))
}

/** Options that change which requests a guard accepts. */
const optional = { mode: 'optional', bearer: true } as const
for (const [portal, options] of [
  [links, optional],
  [requests, {}],
] as const) {
  const guard = requireSignedUser(portal as typeof links, options) // their users have an id
  const app = new Hono().all('/vote', guard, (c) => c.json({ id: c.get('portalUser')?.id ?? null }))
  describePortal(served(app), { route: '/vote', portal, whoami, ...options })
}

const user = (c: Context) => (c.req.header('cookie') === cookie ? ada : null)
const app = new Hono().all('/sign', signEndpoint(links, { user }))
const suite = { route: '/sign', portal: links, asUser: { cookie }, user: ada }
describeSignEndpoint(served(app), suite)
