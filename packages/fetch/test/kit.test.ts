import { describePortal, describeSignEndpoint } from '@countersign/testing'
import { requireSignedUser, signEndpoint } from '../src'
import { links, requests } from './portals'

const ada = { id: 7, email: 'ada@example.com', name: 'Ada' }
const cookie = 'session=ada'
const whoami = ({ body }: { readonly body: unknown }) => (body as { readonly id: unknown }).id // see `guarded`

/** Options that change which requests a guard accepts. */
const optional = { mode: 'optional', bearer: true } as const
for (const [portal, options] of [
  [links, optional],
  [requests, {}],
] as const) {
  const guard = requireSignedUser(portal as typeof links, options) // their users have an id
  const guarded = guard((_request, { portalUser }) => Response.json({ id: portalUser?.id ?? null }))
  const handler = (request: Request) => guarded(request) // one parameter, as a `fetch` handler has
  describePortal(handler, { route: '/vote', portal, whoami, ...options })
}

const user = ({ headers }: Request) => (headers.get('cookie') === cookie ? ada : null)
const handler = signEndpoint(requests, { user })
const suite = { route: '/sign', portal: requests, asUser: { cookie }, user: ada }
describeSignEndpoint(handler, suite)
