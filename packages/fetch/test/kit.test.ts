import { describePortal, describeSignEndpoint } from '@countersign/testing'
import { requireSignedUser, signEndpoint, type GuardOptions } from '../src'
import { links, now, requests } from './signed'

const ada = { id: 7, email: 'ada@example.com', name: 'Ada' }
const cookie = 'session=ada'
const whoami = ({ body }: { readonly body: unknown }) => (body as { readonly id: unknown }).id // see `guarded`

beforeAll(() => void jest.spyOn(process, 'emitWarning').mockImplementation()) // of refused requests
afterAll(() => void jest.restoreAllMocks())

const settings: readonly Pick<GuardOptions, 'bearer' | 'mode'>[] = [
  {},
  { mode: 'optional' },
  { bearer: true },
]
for (const options of settings) {
  const guard = requireSignedUser([links, requests], { now, ...options })
  const guarded = guard((_request, { portalUser }) => Response.json({ id: portalUser?.id ?? null }))
  const handler = (request: Request) => guarded(request) // one parameter, as a `fetch` handler has
  for (const portal of options.bearer ? [links] : [links, requests]) {
    describePortal(handler, { route: '/vote', portal, now, whoami, ...options })
  }
}

for (const portal of [links, requests]) {
  const user = ({ headers }: Request) => (headers.get('cookie') === cookie ? ada : null)
  const handler = signEndpoint(portal as typeof links, { now, user }) // both take this user
  describeSignEndpoint(handler, { route: '/sign', portal, now, asUser: { cookie }, user: ada })
}
