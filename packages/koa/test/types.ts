// For the compiler; it does not run. A type that is another one, or `any`, is an error here.
import Koa, { type Context, type Middleware } from 'koa'
import {
  getPortalUser,
  requireSignedUser,
  signEndpoint,
  type FdbackUser,
  type FeatKitUser,
  type HarlyyUser,
  type PortalAuth,
  type PortalState,
  type PortalUser,
} from '../src'
import { links, requests, surveys } from './portals'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

declare function expectType<Expected>(): <Actual>(
  value: Actual,
  ..._same: Equal<Expected, Actual> extends true ? [] : [never]
) => Actual

const app = new Koa().use(requireSignedUser(links)).use((ctx, next) => {
  expectType<FeatKitUser | undefined>()(ctx.state.portalUser)
  expectType<PortalAuth | undefined>()(ctx.state.portalAuth)
  return next()
})
app.use((ctx) => {
  const user = expectType<FeatKitUser>()(getPortalUser(ctx))
  // @ts-expect-error -- the user is read-only
  user.id = 'eve'
})

/** Written apart from the guard. */
const handler: Middleware<PortalState<FeatKitUser>> = (ctx) =>
  void expectType<FeatKitUser>()(getPortalUser(ctx))
const plain: Middleware = (ctx) => void expectType<PortalUser>()(getPortalUser(ctx))
app.use(plain).use(handler)

const several = requireSignedUser([links, requests, surveys], {
  onVerified: ({ user }) => void expectType<'featkit' | 'fdback' | 'harlyy'>()(user.scheme),
  tenant: (ctx) => expectType<Context>()(ctx).host,
})
new Koa().use(several).use((ctx) => {
  const user = expectType<FeatKitUser | FdbackUser | HarlyyUser>()(getPortalUser(ctx))
  if (user.scheme === 'harlyy') expectType<string>()(user.nonce)
})

signEndpoint(links, { user: (ctx) => ({ id: expectType<Context>()(ctx).ip, name: null }) })
// @ts-expect-error -- FeatKit knows its users by an id
signEndpoint(links, { user: () => ({ email: 'a@b.co' }) })
// @ts-expect-error -- there is no user to sign
signEndpoint(links, {})
// @ts-expect-error -- there is no such option
requireSignedUser(links, { mod: 'optional' })
// @ts-expect-error -- there are two modes
requireSignedUser(links, { mode: 'sometimes' })
