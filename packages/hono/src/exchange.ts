import type { Context, MiddlewareHandler } from 'hono'
import { createExchange, type ExchangeOptions, type Portal, type UserOf } from '@countersign/core'
import { viewOf } from './middleware'

/**
 * Middleware that exchanges a signed link for a session of your own, and redirects to the page
 * without the credential. A request without a credential goes on to the next handler. Mount it for
 * GET and POST: `app.use('/p/acme', exchangeSignedUser(portal, { establish }))`.
 * @throws ConfigError for options that cannot work
 */
export function exchangeSignedUser<P extends Portal>(
  portal: P | readonly P[],
  options: ExchangeOptions<UserOf<P>, Context>,
): MiddlewareHandler {
  const exchange = createExchange<P, Context>(portal, options, 'exchangeSignedUser()')
  return async (c, next) => {
    const response = await exchange(viewOf(c))
    if (!response) return next()
    const { body, status, headers } = response
    for (const [name, value] of Object.entries(headers)) {
      for (const each of [value].flat()) c.header(name, each, { append: name === 'set-cookie' })
    }
    return c.body(body, status as 200) // one of its numbers
  }
}
