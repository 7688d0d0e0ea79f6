import type { Context, Middleware } from 'koa'
import {
  createGuard,
  createSignEndpoint,
  stripParameters,
  type Guard,
  type GuardOptions,
  type InputOf,
  type Portal,
  type PortalUser,
  type RequestView,
  type ResponseData,
  type SignEndpointOptions,
  type UserOf,
  type Verified,
} from '@countersign/core'
import { admit, connectionHeaders, isAdmitted, nodeView, type BodyHolder } from '@countersign/node'
import { settled } from './settled'
import type { PortalState } from './types'

/** Middleware for the portal's routes: lets signed users in and answers everyone else. */
export function requireSignedUser<P extends Portal>(
  portal: P | readonly P[],
  options: GuardOptions<UserOf<P>, Context> = {},
): Middleware<PortalState<UserOf<P>>> {
  const guard = createGuard<P, Context>(portal, options)
  return async (ctx, next) => {
    if (isAdmitted(ctx.req, guard)) return next()
    const verdict = await guard.judge(view(ctx as Context))
    if (verdict.pass) {
      remember(verdict.verified, ctx as Context, guard)
      ctx.set(verdict.headers)
      const reservation = verdict.verified?.reservation
      return reservation ? settled(ctx as Context, reservation, next) : next()
    }
    if (guard.forwards) throw verdict.error
    send(ctx as Context, verdict.response)
  }
}

/** The route of the application's side: signs whoever is signed in. */
export function signEndpoint<P extends Portal>(
  portal: P,
  options: SignEndpointOptions<InputOf<P>, Context>,
): Middleware {
  const endpoint = createSignEndpoint<P, Context>(portal, options)
  return async (ctx) => send(ctx as Context, await endpoint(view(ctx as Context)))
}

function remember(
  verified: Verified | undefined,
  ctx: Context,
  guard: Guard<PortalUser, Context>,
): void {
  const found = { portalUser: verified?.user, portalAuth: verified?.auth }
  admit(ctx.req, { guard, verified })
  Object.assign(ctx.state, found)
  Object.assign(ctx.req, found)
  if (guard.strips.length === 0) return
  ctx.url = stripParameters(ctx.url, guard.strips)
  ctx.originalUrl = ctx.request.originalUrl = stripParameters(ctx.originalUrl, guard.strips)
  const { URL: cached } = ctx // an empty object where the Host header is no host
  if (cached.search) cached.search = stripParameters(cached.search, guard.strips)
}

function view(ctx: Context): RequestView<Context> {
  return nodeView({
    req: ctx.req,
    native: ctx,
    target: ctx.originalUrl,
    holder: ctx.request as BodyHolder, // where Koa's parsers leave what they read
  })
}

function send(ctx: Context, { status, headers, body }: ResponseData): void {
  ctx.status = status
  ctx.body = body
  ctx.set({ ...headers, ...connectionHeaders(ctx.req, status) })
}
