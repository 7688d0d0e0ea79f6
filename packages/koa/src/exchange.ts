import type { Context, Middleware } from 'koa'
import { createExchange, type ExchangeOptions, type Portal, type UserOf } from '@countersign/core'
import { closeAfter } from '@countersign/core/node'
import { send, viewOf } from './middleware'

/**
 * Middleware that exchanges a signed link for a session of your own, and redirects to the page
 * without the credential. A request without a credential goes on to the next middleware. Mount it
 * for GET and POST.
 * @throws ConfigError for options that cannot work
 */
export function exchangeSignedUser<P extends Portal>(
  portal: P | readonly P[],
  options: ExchangeOptions<UserOf<P>, Context>,
): Middleware {
  const exchange = createExchange<P, Context>(portal, options, 'exchangeSignedUser()')
  return async (ctx, next) => {
    const response = await exchange(viewOf(ctx)).catch((error: unknown) => {
      throw closeAfter(ctx.res, error)
    })
    if (!response) return next()
    send(ctx, response)
  }
}
