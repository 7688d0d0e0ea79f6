import express, { type Express, type Request, type RequestHandler, type Response } from 'express'
import request from 'supertest'
import {
  createSigner,
  featkit,
  fdback,
  getPortalUser,
  harlyy,
  requireSignedUser,
  seggwat,
  signEndpoint,
  type FdbackUser,
  type FeatKitUser,
  type HarlyyUser,
  type PortalAuth,
  type PortalUser,
  type SeggWatUser,
} from '../src'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Compiles only where both types are the same; `any` is the same as nothing but itself. */
function expectType<Expected>() {
  return <Actual>(value: Actual, ..._same: Equal<Expected, Actual> extends true ? [] : [never]) =>
    value
}

const secret = 'a-secret-of-these-tests-32-bytes-long'
const links = featkit({ slug: 'acme', secret: `${secret}-1` })
const tokens = seggwat({ projectKey: 'abc123', secret: `${secret}-2` })
const surveys = harlyy({ businessId: 'acme', surveyId: 'q1', secret: `${secret}-3` })
const ada = { id: 7, email: 'ada@example.com' }

async function get(app: Express, path: string) {
  const { url } = await createSigner(links).sign(ada)
  return request(app).get(`${path}${url.slice(url.indexOf('?'))}`)
}

describe('the types of the Express adapter', () => {
  it('give each handler in the chain of a guard the exact user of its portal', async () => {
    const app = express()
    app.get('/users/:name', requireSignedUser(links), express.json(), (req, res) => {
      const user = expectType<FeatKitUser>()(getPortalUser(req))
      expectType<'featkit'>()(user.scheme)
      expectType<string>()(req.params.name)
      expectType<FeatKitUser | undefined>()(res.locals.portalUser)
      // @ts-expect-error -- a FeatKit user has no subscription, and is no `any` that would have one
      expect(user.subscriptionId).toBeUndefined()
      // @ts-expect-error -- nobody changes what was signed
      expect(() => (user.id = 'eve')).toThrow(TypeError)
      res.json({ user, name: req.params.name, local: res.locals.portalUser === user })
    })
    const { body } = await get(app, '/users/ada')
    const user = { scheme: 'featkit', id: '7', email: ada.email, name: null }
    expect(body).toEqual({ user, name: 'ada', local: true })
  })

  it('give a router mounted with a guard the exact user, too', async () => {
    const router = express.Router()
    router.use(requireSignedUser(links), (req, res) => {
      res.json(expectType<FeatKitUser>()(getPortalUser(req)))
    })
    const { body } = await get(express().use('/portal', router), '/portal/here')
    expect(body).toMatchObject({ scheme: 'featkit', id: '7' })
  })

  it('fit wherever Express takes a handler', async () => {
    const guard = requireSignedUser(links)
    const wrapped: RequestHandler = (req, res, next) => guard(req, res, next)
    const app = express()
    app.get('/list/:id', [guard, wrapped], (req: Request, res: Response) => {
      res.json({ id: getPortalUser(req).id, of: req.params['id'] })
    })
    expect((await get(app, '/list/9')).body).toEqual({ id: '7', of: '9' })
  })

  it('declare `req.portalUser` and `req.portalAuth` on every request', async () => {
    const app = express()
    app.use(requireSignedUser(links))
    app.get('/', (req: Request, res) => {
      const user = expectType<PortalUser | undefined>()(req.portalUser)
      expectType<PortalAuth | undefined>()(req.portalAuth)
      expectType<PortalUser>()(getPortalUser(req))
      // @ts-expect-error -- it may be nobody: `getPortalUser` is the one that always answers
      res.json({ id: user.id, scheme: req.portalAuth?.scheme })
    })
    expect((await get(app, '/')).body).toEqual({ id: '7', scheme: 'featkit' })
  })

  it('tell the users of several portals apart by their scheme', async () => {
    const app = express()
    const seen: string[] = []
    const guard = requireSignedUser([links, tokens, surveys], {
      onVerified: ({ user }) => {
        seen.push(expectType<'featkit' | 'seggwat' | 'harlyy'>()(user.scheme))
      },
      tenant: (req) => expectType<Request>()(req).get('x-tenant'),
    })
    app.use(guard, (req, res) => {
      const user = expectType<FeatKitUser | SeggWatUser | HarlyyUser>()(getPortalUser(req))
      if (user.scheme === 'seggwat') expectType<string | null>()(user.subscriptionId)
      else if (user.scheme === 'harlyy') expectType<string>()(user.nonce)
      else expectType<FeatKitUser>()(user)
      // @ts-expect-error -- only one of the three has it
      res.json({ id: user.id, nonce: user.nonce ?? null })
    })
    const { url } = await createSigner(links).sign(ada)
    const { body } = await request(app)
      .get(url.slice('https://featkit.com'.length))
      .set('x-tenant', 'acme')
    expect(body).toEqual({ id: '7', nonce: null })
    expect(seen).toEqual(['featkit'])
  })

  it('let a sign endpoint return only what its portal can sign', async () => {
    const app = express()
    app.post(
      '/sign',
      signEndpoint(tokens, {
        user: (req) => ({ id: expectType<Request>()(req).get('x-user') ?? '', name: null }),
      }),
    )
    // @ts-expect-error -- SeggWat names its users by an id
    signEndpoint(tokens, { user: () => ({ email: ada.email }) })
    // @ts-expect-error -- fdback knows its users by their e-mail address
    signEndpoint(fdback({ workspaceId: 'ws', secret }), { user: () => ({ email: 7 }) })
    // @ts-expect-error -- without `user` there would be nobody to sign
    expect(() => signEndpoint(tokens, {})).toThrow('"user" is not a function')
    const { body } = await request(app).post('/sign').set('x-user', 'u-1')
    expect(body.url).toMatch(/^https:\/\/seggwat\.com\/p\/abc123\?token=/)
  })

  it('refuse options that nobody reads, as construction does', () => {
    // @ts-expect-error -- a misspelt option must not switch a check off
    expect(() => requireSignedUser(links, { mod: 'optional' })).toThrow('no option "mod"')
    // @ts-expect-error -- there are two modes
    expect(() => requireSignedUser(links, { mode: 'sometimes' })).toThrow('required, optional')
    const fields: FdbackUser = Object.freeze({
      ...{ scheme: 'fdback', id: ada.email, email: ada.email },
      ...{ name: null, avatar: null },
    } as const)
    expect(Object.keys(fields)).toHaveLength(5)
  })
})
