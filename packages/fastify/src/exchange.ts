import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import { createExchange, type ExchangeOptions, type Portal, type UserOf } from '@countersign/core'
import { closeAfter } from '@countersign/core/node'
import { hookAsPlugin } from './mistakes'
import { send, viewOf } from './plugin'

/**
 * A hook that exchanges a signed link for a session of your own, and redirects to the page without
 * the credential. A request without a credential goes on to the handler. Use it on a route for GET
 * and POST: `{ method: ['GET', 'POST'], url, onRequest: exchangeSignedUser(portal, { establish }) }`.
 * @throws ConfigError for options that cannot work
 */
export function exchangeSignedUser<P extends Portal>(
  portal: P | readonly P[],
  options: ExchangeOptions<UserOf<P>, FastifyRequest>,
): onRequestAsyncHookHandler {
  const exchange = createExchange<P, FastifyRequest>(portal, options, 'exchangeSignedUser()')
  return async (request, reply) => {
    if (!request.raw) throw hookAsPlugin('exchangeSignedUser(portal, { establish })')
    const response = await exchange(viewOf(request)).catch((error: unknown) => {
      throw closeAfter(reply.raw, error)
    })
    return response && send(reply, response)
  }
}
