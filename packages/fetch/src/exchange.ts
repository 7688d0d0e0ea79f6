import { createExchange, type ExchangeOptions, type Portal, type UserOf } from '@countersign/core'
import { FetchView, toResponse } from './view'

/**
 * Exchanges a signed link for a session of your own. The response redirects to the page without the
 * credential; there is none for a request without a credential, which is yours to answer. Use it for
 * GET and POST: `const GET = async (request) => (await exchange(request)) ?? page(request)`.
 * @throws ConfigError for options that cannot work
 */
export function exchangeSignedUser<P extends Portal, Native extends Request = Request>(
  portal: P | readonly P[],
  options: ExchangeOptions<UserOf<P>, Native>,
): (request: Native) => Promise<Response | undefined> {
  const exchange = createExchange<P, Native>(portal, options, 'exchangeSignedUser()')
  return async (request) => {
    const response = await exchange(new FetchView(request, request))
    return response && toResponse(response)
  }
}
