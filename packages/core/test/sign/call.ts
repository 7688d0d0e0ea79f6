import { createSignEndpoint, type ResponseData, type SignEndpointOptions } from '@countersign/core'
import { featkit, type FeatKitInput } from '@countersign/core/schemes'
import { now, view, type RequestParts } from '../support/request'
import { CURRENT } from '../support/secrets'

/** The framework's request of these tests. */
export interface Session {
  readonly user?: FeatKitInput | null
}
export type Options = Partial<SignEndpointOptions<FeatKitInput, Session>>

export const links = featkit({ secret: CURRENT, slug: 'acme' })
export const native: Session = { user: { id: 'u1', email: 'ada@example.com' } }
export const user = (session: Session) => session.user
/** The headers of a response that is for one user. */
export const PRIVATE = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  pragma: 'no-cache',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** Calls an endpoint that signs links for the user of the session. */
export async function call(parts: RequestParts = {}, options: Options = {}): Promise<ResponseData> {
  const endpoint = createSignEndpoint(links, { now, user, ...options })
  return endpoint(view<Session>({ method: 'POST', native, ...parts }))
}
