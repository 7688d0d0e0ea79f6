import { describePortal, describeSignEndpoint } from '@countersign/testing'
import express5, { type Request, type RequestHandler } from 'express'
import express4 from 'express4'
import { requireSignedUser, signEndpoint, type GuardOptions } from '../src'
import { links, now, requests } from './signed'

const ada = { id: 7, email: 'ada@example.com', name: 'Ada' }
const cookie = 'session=ada'
const answer: RequestHandler = (req, res) => void res.json({ id: req.portalUser?.id ?? null })
const whoami = ({ body }: { readonly body: unknown }) => (body as { readonly id: unknown }).id // see `answer`

describe.each([
  ['Express 4', express4],
  ['Express 5', express5],
])('%s', (_name, express) => {
  /** Options that change which requests a guard accepts, or what it does to them. */
  const settings: Readonly<
    Record<string, Pick<GuardOptions, 'bearer' | 'mode' | 'stripCredential'>>
  > = {
    '/plain': {},
    '/open': { mode: 'optional', stripCredential: true, bearer: true },
  }
  for (const [route, options] of Object.entries(settings)) {
    const guard = requireSignedUser(links, { now, ...options }) as RequestHandler // its locals are narrower
    const app = express().all(route, guard, answer)
    describePortal(app, { route, portal: links, now, whoami, ...options })
  }

  const guard = requireSignedUser(requests, { now }) as RequestHandler // likewise
  const posted = express().post('/posted', guard, express.json(), answer)
  describePortal(posted, { route: '/posted', portal: requests, now, whoami })

  for (const portal of [links, requests]) {
    const user = ({ headers }: Request) => (headers.cookie === cookie ? ada : null)
    const app = express().use(express.json(), express.urlencoded({ extended: true }))
    app.use('/sign', signEndpoint(portal as typeof links, { now, user })) // both take this user
    const suite = { route: '/sign', portal, now, asUser: { cookie }, user: ada }
    describeSignEndpoint(app, suite)
  }
})
