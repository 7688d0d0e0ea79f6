import Koa, { type Context, type Middleware } from 'koa'
import request from 'supertest'
import {
  createSigner,
  featkit,
  getPortalUser,
  harlyy,
  requireSignedUser,
  seggwat,
  signEndpoint,
  type FeatKitUser,
  type HarlyyUser,
  type PortalAuth,
  type PortalState,
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

async function get(app: { callback: Koa['callback'] }) {
  const { url } = await createSigner(links).sign(ada)
  return request(app.callback())
    .get(`/${url.slice(url.indexOf('?'))}`)
    .set('x-tenant', 'acme')
}

describe('the types of the Koa adapter', () => {
  it('narrow `ctx.state` to the user of the portal, along the chain of `use`', async () => {
    const app = new Koa()
    const chained = app.use(requireSignedUser(links)).use((ctx, next) => {
      const user = expectType<FeatKitUser | undefined>()(ctx.state.portalUser)
      expectType<PortalAuth | undefined>()(ctx.state.portalAuth)
      // @ts-expect-error -- where strangers may pass it is undefined: `getPortalUser` always answers
      expect(user.id).toBe('7')
      return next()
    })
    chained.use((ctx) => {
      const user = expectType<FeatKitUser>()(getPortalUser(ctx))
      expectType<'featkit'>()(user.scheme)
      // @ts-expect-error -- a FeatKit user has no subscription, and is no `any` that would have one
      expect(user.subscriptionId).toBeUndefined()
      // @ts-expect-error -- nobody changes what was signed
      expect(() => (user.id = 'eve')).toThrow(TypeError)
      ctx.body = user
    })
    const { body } = await get(app)
    expect(body).toEqual({ scheme: 'featkit', id: '7', email: ada.email, name: null })
  })

  it('know the user of a handler that is written apart from its guard', async () => {
    const handler: Middleware<PortalState<FeatKitUser>> = (ctx) => {
      ctx.body = { id: expectType<FeatKitUser>()(getPortalUser(ctx)).id }
    }
    const plain: Middleware = (ctx, next) => {
      expectType<PortalUser>()(getPortalUser(ctx))
      return next()
    }
    const app = new Koa()
    app.use(requireSignedUser(links)).use(plain).use(handler)
    expect((await get(app)).body).toEqual({ id: '7' })
  })

  it('tell the users of several portals apart by their scheme', async () => {
    const app = new Koa()
    const seen: string[] = []
    const guard = requireSignedUser([links, tokens, surveys], {
      onVerified: ({ user }) => {
        seen.push(expectType<'featkit' | 'seggwat' | 'harlyy'>()(user.scheme))
      },
      tenant: (ctx) => expectType<Context>()(ctx).get('x-tenant'),
    })
    app.use(guard).use((ctx) => {
      const user = expectType<FeatKitUser | SeggWatUser | HarlyyUser>()(getPortalUser(ctx))
      if (user.scheme === 'seggwat') expectType<string | null>()(user.subscriptionId)
      else if (user.scheme === 'harlyy') expectType<string>()(user.nonce)
      else expectType<FeatKitUser>()(user)
      // @ts-expect-error -- only one of the three has it
      ctx.body = { id: user.id, nonce: user.nonce ?? null }
    })
    expect((await get(app)).body).toEqual({ id: '7', nonce: null })
    expect(seen).toEqual(['featkit'])
  })

  it('let a sign endpoint return only what its portal can sign', async () => {
    const app = new Koa()
    const user = (ctx: Context) => ({ id: ctx.get('x-user'), name: null })
    app.use(signEndpoint(tokens, { user }))
    // @ts-expect-error -- SeggWat names its users by an id
    signEndpoint(tokens, { user: () => ({ email: ada.email }) })
    // @ts-expect-error -- without `user` there would be nobody to sign
    expect(() => signEndpoint(tokens, {})).toThrow('"user" is not a function')
    const { body } = await request(app.callback()).post('/').set('x-user', 'u-1')
    expect(body.url).toMatch(/^https:\/\/seggwat\.com\/p\/abc123\?token=/)
  })

  it('refuse options that nobody reads, as construction does', () => {
    // @ts-expect-error -- a misspelt option must not switch a check off
    expect(() => requireSignedUser(links, { mod: 'optional' })).toThrow('no option "mod"')
    // @ts-expect-error -- there are two modes
    expect(() => requireSignedUser(links, { mode: 'sometimes' })).toThrow('required, optional')
  })
})
