import type { Request } from 'express'
import { createExchange, type ExchangeOptions, type Portal, type UserOf } from '@countersign/core'
import { closeAfter } from '@countersign/core/node'
import { send, viewOf } from './middleware'
import type { PortalHandler } from './types'

/**
 * Middleware that exchanges a signed link for a session of your own, and redirects to the page
 * without the credential. A request without a credential goes on to the next handler. Mount it for
 * GET and POST: `app.use('/p/acme', exchangeSignedUser(portal, { establish }))`.
 * @throws ConfigError for options that cannot work
 */
export function exchangeSignedUser<P extends Portal>(
  portal: P | readonly P[],
  options: ExchangeOptions<UserOf<P>, Request>,
): PortalHandler {
  const exchange = createExchange<P, Request>(portal, options, 'exchangeSignedUser()')
  return (req, res, next) => {
    exchange(viewOf(req))
      .then((response) => (response ? send(res, response) : next()))
      .catch((error: unknown) => next(closeAfter(res, error)))
  }
}
