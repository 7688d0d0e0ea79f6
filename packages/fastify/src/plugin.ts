import type {
  FastifyPluginAsync,
  FastifyReply,
  FastifyRequest,
  onRequestAsyncHookHandler,
} from 'fastify'
import {
  createGuard,
  createSignEndpoint,
  type GuardOptions,
  type InputOf,
  type Portal,
  type ResponseData,
  type SignEndpointOptions,
  type UserOf,
} from '@countersign/core'
import { closeAfter, NodeView, settleOnAnswer } from '@countersign/core/node'
import { cannotStrip, pluginAsHandler, hookAsPlugin } from './mistakes'
import type { SignedUsersOptions } from './types'

/**
 * A hook for the portal's routes: lets signed users pass and answers all other requests. Use it for
 * one route, `{ onRequest: requireSignedUser(portal) }`, or for all routes of a plugin,
 * `app.addHook('onRequest', requireSignedUser(portal))`. The body is left for Fastify's parsers.
 * @throws ConfigError for options that cannot work
 */
export function requireSignedUser<P extends Portal>(
  portal: P | readonly P[],
  options: Omit<GuardOptions<UserOf<P>, FastifyRequest>, 'stripCredential'> = {},
): onRequestAsyncHookHandler {
  const guard = createGuard<P, FastifyRequest>(portal, options, 'requireSignedUser()')
  if (guard.strips.length > 0) throw cannotStrip()
  return async (request, reply) => {
    if (!request.raw) {
      const plugin = ', or register the plugin: app.register(signedUsers, { portal })'
      throw hookAsPlugin('requireSignedUser(portal)', plugin)
    }
    const decision = await guard.decide(viewOf(request))
    if (!decision.pass) {
      if (guard.forwards) throw closeAfter(reply.raw, decision.error)
      return send(reply, decision.response)
    }
    const { verified, headers, reservation } = decision
    request.portalUser = verified?.user
    request.portalAuth = verified?.auth
    for (const [name, value] of headers) reply.header(name, value)
    if (reservation) settleOnAnswer(reply.raw, reservation)
  }
}

/**
 * A plugin that guards every route of the instance that registers it:
 * `app.register(signedUsers, { portal })`.
 */
export const signedUsers: FastifyPluginAsync<SignedUsersOptions> = async (app, options) => {
  const { portal, ...rest } = options
  if (!app.hasRequestDecorator('portalUser')) {
    app.decorateRequest('portalUser', undefined).decorateRequest('portalAuth', undefined)
  }
  app.addHook('onRequest', requireSignedUser(portal, rest))
}
Object.assign(signedUsers, { [Symbol.for('skip-override')]: true }) // the instance's own, not a child's

/**
 * A plugin with the application's sign route, which signs the signed-in user:
 * `app.register(signEndpoint(portal, { user }), { prefix: '/api/portal/sign' })`.
 * @throws ConfigError for options that cannot work
 */
export function signEndpoint<P extends Portal>(
  portal: P,
  options: SignEndpointOptions<InputOf<P>, FastifyRequest>,
): FastifyPluginAsync {
  const endpoint = createSignEndpoint<P, FastifyRequest>(portal, options, 'signEndpoint()')
  return async (app) => {
    if (!app.register) throw pluginAsHandler()
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, _payload, done) => done(null)) // never read
    app.all('/', async (request, reply) => send(reply, await endpoint(viewOf(request))))
  }
}

export function viewOf(request: FastifyRequest): NodeView<FastifyRequest> {
  return new NodeView(request.raw, request, request.originalUrl, request)
}

export function send(reply: FastifyReply, response: ResponseData): FastifyReply {
  const { status, headers, body } = closeAfter(reply.raw, response)
  return reply
    .code(status)
    .headers(headers)
    .send(body === '' ? undefined : Buffer.from(body)) // to text, Fastify adds a charset
}
