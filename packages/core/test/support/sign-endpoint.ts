import { createSignEndpoint, type ResponseData, type SignEndpointOptions } from '@countersign/core'
import { now, view, type RequestParts } from './request'
import { link, message, type Input } from './schemes'
import { CURRENT } from './secrets'

/** The framework's request of these tests. */
export interface Session {
  readonly user?: Input
}
export type Options = Partial<SignEndpointOptions<Input, Session>>

export const links = link({ secret: CURRENT, slug: 'acme' })
export const messages = message({ secret: CURRENT, workspaceId: 'demo' })
/** Somebody is signed in. */
export const native: Session = { user: { id: 'u1', email: 'ada@example.com' } }
export const ofSession = ({ user }: Session) => user

/** Calls an endpoint that signs links for whoever is signed in. */
export async function call(parts: RequestParts = {}, options: Options = {}): Promise<ResponseData> {
  const endpoint = createSignEndpoint(links, { now, user: ofSession, ...options })
  return endpoint(view<Session>({ method: 'POST', native, ...parts }))
}

export const codeOf = ({ body }: ResponseData): unknown =>
  (JSON.parse(body) as { code: unknown }).code
