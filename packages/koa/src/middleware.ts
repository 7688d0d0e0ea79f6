import type { Context, Middleware, Next } from 'koa'
import {
  createGuard,
  createSignEndpoint,
  isPromise,
  stripParameters,
  type Decision,
  type GuardOptions,
  type InputOf,
  type Portal,
  type ResponseData,
  type SignEndpointOptions,
  type UserOf,
} from '@countersign/core'
import { closeAfter, NodeView, type BodyHolder } from '@countersign/core/node'
import { settled } from './settled'
import type { PortalState } from './types'

/**
 * Middleware for the portal's routes: lets signed users pass and answers all other requests.
 * @throws ConfigError for options that cannot work
 */
export function requireSignedUser<P extends Portal>(
  portal: P | readonly P[],
  options: GuardOptions<UserOf<P>, Context> = {},
): Middleware<PortalState<UserOf<P>>> {
  const guard = createGuard<P, Context>(portal, options, 'requireSignedUser()')

  function obey(decision: Decision, ctx: Context, next: Next): Promise<unknown> | void {
    if (!decision.pass) {
      if (guard.forwards) throw closeAfter(ctx.res, decision.error)
      return send(ctx, decision.response)
    }
    const { verified, headers, reservation } = decision
    ctx.state['portalUser'] = verified?.user
    ctx.state['portalAuth'] = verified?.auth
    for (const [name, value] of headers) ctx.set(name, value)
    if (guard.strips.length > 0) strip(ctx, guard.strips)
    return reservation ? settled(ctx, reservation, next) : next()
  }

  const handler: Middleware = (ctx, next) => {
    const decision = guard.decide(viewOf(ctx))
    return isPromise(decision)
      ? decision.then((late) => obey(late, ctx, next))
      : obey(decision, ctx, next)
  }
  return handler as Middleware<PortalState<UserOf<P>>> // the state that it leaves
}

/**
 * The route of the application's side: signs the signed-in user.
 * @throws ConfigError for options that cannot work
 */
export function signEndpoint<P extends Portal>(
  portal: P,
  options: SignEndpointOptions<InputOf<P>, Context>,
): Middleware {
  const endpoint = createSignEndpoint<P, Context>(portal, options, 'signEndpoint()')
  return async (ctx) => send(ctx, await endpoint(viewOf(ctx)))
}

export function viewOf(ctx: Context): NodeView<Context> {
  return new NodeView(ctx.req, ctx.request as BodyHolder, ctx.originalUrl, ctx) // Koa's parsers leave the body there
}

function strip(ctx: Context, names: readonly string[]): void {
  ctx.url = stripParameters(ctx.url, names)
  ctx.originalUrl = ctx.request.originalUrl = stripParameters(ctx.originalUrl, names)
  const { URL: cached } = ctx // an empty object where the Host header is no host
  if (cached.search) cached.search = stripParameters(cached.search, names)
}

export function send(ctx: Context, response: ResponseData): void {
  const { status, headers, body } = closeAfter(ctx.res, response)
  const { 'set-cookie': cookies, ...others } = headers
  ctx.status = status
  ctx.body = body
  ctx.set(others)
  if (cookies) ctx.append('set-cookie', cookies)
}
