import express, { type Express, type Request, type RequestHandler, type Response } from 'express'
import request from 'supertest'
import {
  fdback,
  getPortalUser,
  harlyy,
  requireSignedUser,
  seggwat,
  signEndpoint,
  type FeatKitUser,
  type HarlyyUser,
  type PortalAuth,
  type PortalUser,
  type SeggWatUser,
} from '../src'
import { links, now, queryFor, secret } from './signed'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Compiles only where both types are the same; `any` is the same as nothing but itself. */
function expectType<Expected>() {
  return <Actual>(value: Actual, ..._same: Equal<Expected, Actual> extends true ? [] : [never]) =>
    value
}

const tokens = seggwat({ projectKey: 'abc123', secret: `${secret}-2` })
const surveys = harlyy({ businessId: 'acme', surveyId: 'q1', secret: `${secret}-3` })
const requests = fdback({ workspaceId: 'ws', secret: `${secret}-4` })
const guard = requireSignedUser(links, { now })

async function get(app: Express, path = '/'): Promise<unknown> {
  return (await request(app).get(path + (await queryFor('7')))).body
}

describe('the types of the Express adapter', () => {
  it('give the handlers behind a guard the exact user of its portal', async () => {
    const app = express()
    app.get('/users/:name', guard, express.json(), (req, res) => {
      const user = expectType<FeatKitUser>()(getPortalUser(req))
      expectType<'featkit'>()(user.scheme)
      expectType<string>()(req.params.name)
      expectType<FeatKitUser | undefined>()(res.locals.portalUser)
      // @ts-expect-error -- a FeatKit user has no subscription, and is not `any`
      expect(user.subscriptionId).toBeUndefined()
      // @ts-expect-error -- the user is read-only
      expect(() => (user.id = 'eve')).toThrow(TypeError)
      res.json([user.id, req.params.name])
    })
    expect(await get(app, '/users/ada')).toEqual(['7', 'ada'])
  })

  it('give a router behind a guard the exact user, too', async () => {
    const router = express.Router().use(guard, (req, res) => {
      res.json(expectType<FeatKitUser>()(getPortalUser(req)).id)
    })
    expect(await get(express().use('/portal', router), '/portal/here')).toBe('7')
  })

  it('let a guard be used wherever Express takes a handler', async () => {
    const wrapped: RequestHandler = (req, res, next) => guard(req, res, next)
    const app = express().get('/list', [guard, wrapped], (req: Request, res: Response) => {
      res.json(getPortalUser(req).id)
    })
    expect(await get(app, '/list')).toBe('7')
  })

  it('declare `req.portalUser` and `req.portalAuth` on every request', async () => {
    const app = express().use(guard as RequestHandler) // its locals are narrower
    app.get('/', (req: Request, res) => {
      const user = expectType<PortalUser | undefined>()(req.portalUser)
      expectType<PortalAuth | undefined>()(req.portalAuth)
      expectType<PortalUser>()(getPortalUser(req))
      // @ts-expect-error -- it may be undefined: `getPortalUser` returns a user or throws
      res.json(user.id)
    })
    expect(await get(app)).toBe('7')
  })

  it('tell the users of several portals apart by their scheme', async () => {
    const seen: string[] = []
    const both = requireSignedUser([links, tokens, surveys], {
      now,
      onVerified: ({ user }) =>
        void seen.push(expectType<'featkit' | 'seggwat' | 'harlyy'>()(user.scheme)),
      tenant: (req) => expectType<Request>()(req).get('host')?.replace(/[^\w]/g, '_'),
    })
    const app = express().use(both, (req, res) => {
      const user = expectType<FeatKitUser | SeggWatUser | HarlyyUser>()(getPortalUser(req))
      if (user.scheme === 'seggwat') expectType<string | null>()(user.subscriptionId)
      else if (user.scheme === 'harlyy') expectType<string>()(user.nonce)
      else expectType<FeatKitUser>()(user)
      // @ts-expect-error -- only one of the three has it
      res.json([user.id, user.nonce ?? null])
    })
    expect(await get(app)).toEqual(['7', null])
    expect(seen).toEqual(['featkit'])
  })

  it('let a sign endpoint return only users that its portal can sign', () => {
    const user = (req: Request) => ({ id: req.get('x-user') ?? '', name: null })
    expect(signEndpoint(tokens, { user })).toBeInstanceOf(Function)
    // @ts-expect-error -- SeggWat knows its users by an id
    signEndpoint(tokens, { user: () => ({ email: 'a@b.co' }) })
    // @ts-expect-error -- an e-mail address is text
    signEndpoint(requests, { user: () => ({ email: 7 }) })
    // @ts-expect-error -- there is no user to sign
    expect(() => signEndpoint(tokens, {})).toThrow('"user"')
  })

  it('refuse wrong options, as construction does', () => {
    // @ts-expect-error -- there is no such option
    expect(() => requireSignedUser(links, { mod: 'optional' })).toThrow('no option "mod"')
    // @ts-expect-error -- there are two modes
    expect(() => requireSignedUser(links, { mode: 'sometimes' })).toThrow('"mode"')
  })
})
