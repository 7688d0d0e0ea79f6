import { describePortal, describeSignEndpoint } from '@countersign/testing'
import express5, { type Request, type RequestHandler } from 'express'
import express4 from 'express4'
import { requireSignedUser, signEndpoint, type GuardOptions } from '../src'
import { links, now, posts } from './signed'

const ada = { id: 7, email: 'ada@example.com', name: 'Ada' }
const cookie = 'session=ada'
const answer: RequestHandler = (req, res) => void res.json({ id: req.portalUser?.id ?? null })
const whoami = ({ body }: { readonly body: unknown }) => (body as { readonly id: unknown }).id

describe.each([
  ['Express 4', express4],
  ['Express 5', express5],
])('%s', (_name, express) => {
  /** Guarded before or behind the parsers of an app, and with the options that change what comes in. */
  const settings: readonly (readonly [
    string,
    Pick<GuardOptions, 'bearer' | 'mode' | 'stripCredential'>,
  ])[] = [
    ['/plain', {}],
    ['/optional', { mode: 'optional' }],
    ['/stripped', { stripCredential: true }],
    ['/bearer', { bearer: true }],
  ]
  for (const [route, options] of settings) {
    const guard = requireSignedUser(links, { now, ...options }) as RequestHandler // its locals are narrower
    describePortal(express().all(route, guard, answer), {
      route,
      portal: links,
      now,
      whoami,
      ...options,
    })
  }

  const messages = requireSignedUser(posts, { now }) as RequestHandler // likewise
  const parsed = express().post('/posts', messages, express.json(), answer)
  describePortal(parsed, { route: '/posts', portal: posts, now, whoami })

  for (const portal of [links, posts]) {
    const user = ({ headers }: Request) => (headers.cookie === cookie ? ada : null)
    const signing = express().use(express.json(), express.urlencoded({ extended: true }))
    const suite = { route: '/sign', portal, now, asUser: { cookie }, user: ada }
    describeSignEndpoint(
      signing.use('/sign', signEndpoint(portal as typeof links, { now, user })),
      suite,
    )
  }
})
