import { describePortal, describeSignEndpoint } from '@countersign/testing'
import express, { type Request, type RequestHandler } from 'express'
import { requireSignedUser, signEndpoint } from '../src'
import { links, requests } from './portals'

const ada = { id: 7, email: 'ada@example.com', name: 'Ada' }
const cookie = 'session=ada'
const answer: RequestHandler = (req, res) => void res.json({ id: req.portalUser?.id ?? null })
const whoami = ({ body }: { readonly body: unknown }) => (body as { readonly id: unknown }).id // see `answer`

/** Options that change which requests a guard accepts, or what it does to them. */
const optional = { mode: 'optional', stripCredential: true, bearer: true } as const
for (const [portal, options] of [
  [links, optional],
  [requests, {}],
] as const) {
  const guard = requireSignedUser(portal as typeof links, options) // their users have an id
  const app = express().all('/vote', guard as RequestHandler, express.json(), answer) // its locals are narrower
  describePortal(app, { route: '/vote', portal, whoami, ...options })
}

const user = ({ headers }: Request) => (headers.cookie === cookie ? ada : null)
const app = express().use(express.json(), express.urlencoded({ extended: true }))
app.use('/sign', signEndpoint(requests, { user }))
describeSignEndpoint(app, { route: '/sign', portal: requests, asUser: { cookie }, user: ada })
