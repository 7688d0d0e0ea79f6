import Koa, { type Context, type Middleware } from 'koa'
import request from 'supertest'
import {
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
const guard = requireSignedUser(links, { now })

async function get(app: Pick<Koa, 'callback'>): Promise<unknown> {
  return (await request(app.callback()).get(`/${await queryFor('7')}`)).body
}

describe('the types of the Koa adapter', () => {
  it('narrow `ctx.state` to the user of the portal, along the chain of `use`', async () => {
    const app = new Koa()
    const chained = app.use(guard).use((ctx, next) => {
      const user = expectType<FeatKitUser | undefined>()(ctx.state.portalUser)
      expectType<PortalAuth | undefined>()(ctx.state.portalAuth)
      // @ts-expect-error -- it may be undefined: `getPortalUser` returns a user or throws
      expect(user.id).toBe('7')
      return next()
    })
    chained.use((ctx) => {
      const user = expectType<FeatKitUser>()(getPortalUser(ctx))
      expectType<'featkit'>()(user.scheme)
      // @ts-expect-error -- a FeatKit user has no subscription, and is not `any`
      expect(user.subscriptionId).toBeUndefined()
      // @ts-expect-error -- the user is read-only
      expect(() => (user.id = 'eve')).toThrow(TypeError)
      ctx.body = [user.id]
    })
    expect(await get(app)).toEqual(['7'])
  })

  it('give the user to a handler that is written apart from its guard', async () => {
    const handler: Middleware<PortalState<FeatKitUser>> = (ctx) => {
      ctx.body = [expectType<FeatKitUser>()(getPortalUser(ctx)).id]
    }
    const plain: Middleware = (ctx, next) => {
      expectType<PortalUser>()(getPortalUser(ctx))
      return next()
    }
    const app = new Koa()
    app.use(guard).use(plain).use(handler)
    expect(await get(app)).toEqual(['7'])
  })

  it('tell the users of several portals apart by their scheme', async () => {
    const seen: string[] = []
    const both = requireSignedUser([links, tokens, surveys], {
      now,
      onVerified: ({ user }) =>
        void seen.push(expectType<'featkit' | 'seggwat' | 'harlyy'>()(user.scheme)),
      tenant: (ctx) => expectType<Context>()(ctx).host.replace(/[^\w]/g, '_'),
    })
    const app = new Koa()
    app.use(both).use((ctx) => {
      const user = expectType<FeatKitUser | SeggWatUser | HarlyyUser>()(getPortalUser(ctx))
      if (user.scheme === 'seggwat') expectType<string | null>()(user.subscriptionId)
      else if (user.scheme === 'harlyy') expectType<string>()(user.nonce)
      else expectType<FeatKitUser>()(user)
      // @ts-expect-error -- only one of the three has it
      ctx.body = [user.id, user.nonce ?? null]
    })
    expect(await get(app)).toEqual(['7', null])
    expect(seen).toEqual(['featkit'])
  })

  it('let a sign endpoint return only users that its portal can sign', () => {
    const user = (ctx: Context) => ({ id: ctx.get('x-user'), name: null })
    expect(signEndpoint(tokens, { user })).toBeInstanceOf(Function)
    // @ts-expect-error -- SeggWat knows its users by an id
    signEndpoint(tokens, { user: () => ({ email: 'a@b.co' }) })
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
