import {
  createExchange,
  type ExchangeContext,
  type ExchangeOptions,
  type Portal,
  type PortalUser,
} from '@countersign/core'
import { featkit } from '@countersign/core/schemes'
import { forgeLink } from '../support/forge'
import { now, view, type RequestParts } from '../support/request'
import { CURRENT } from '../support/secrets'

export type Options = Partial<ExchangeOptions<PortalUser, object>>
interface Made extends ExchangeContext {
  readonly id: string | null
}

/** An exchange whose sessions are noted. */
export function exchanging(portal: Portal, options: Options = {}) {
  const made: Made[] = []
  const establish = (user: PortalUser, _request: object, context: ExchangeContext) =>
    void made.push({ id: user.id, ...context })
  const exchange = createExchange(portal, { now, establish, ...options })
  return { made, ask: (parts: RequestParts) => exchange(view<object>(parts)) }
}

export const links = featkit({ secret: CURRENT })
export const link = `token=${forgeLink()}`
export const goesTo = (location: string) => ({ status: 303, headers: { location }, body: '' })
