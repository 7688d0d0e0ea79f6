import Koa from 'koa'
import { featkit, requireSignedUser, getPortalUser, signEndpoint, type FeatKitUser } from '../src'
type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const is = <T extends true>(): T | void => undefined
const portal = featkit({ secret: process.env['X'] })
const app = new Koa()
app.use(requireSignedUser(portal)).use((ctx) => {
  const u = ctx.state.portalUser
  is<Equal<typeof u, FeatKitUser | undefined>>()
  const v = getPortalUser(ctx)
  is<Equal<typeof v, FeatKitUser>>()
})
app.use(signEndpoint(portal, { user: (ctx) => ({ id: ctx.ip }) }))
