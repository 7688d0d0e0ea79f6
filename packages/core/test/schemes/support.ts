import {
  createSigner,
  createVerifier,
  type Portal,
  type RequestView,
  type Signed,
  type SignOptions,
  type VerifierOptions,
} from '@countersign/core'
import { view } from '../support/request'

export const SECRET = 'schemes-test-secret-0123456789abcdef'
/** Not on a full second. */
export const NOW = 1_789_000_000_123

/** Signs a user of any shape, also of one that TypeScript would refuse. */
export function sign(
  portal: Portal,
  user: unknown,
  { now = NOW, ...options }: SignOptions & { readonly now?: number } = {},
): Promise<Signed> {
  return createSigner(portal, { now: () => now }).sign(user as never, options) // the test knows the portal
}

/** The user of a request, or the code with which it is refused. */
export async function verify(
  portal: Portal,
  request: RequestView,
  { at = NOW, ...options }: VerifierOptions & { readonly at?: number } = {},
): Promise<unknown> {
  const result = await createVerifier(portal, { now: () => at, ...options }).verify(request)
  return result.ok ? result.value.user : result.error.code
}

/** The request that the portal receives when its documentation is followed. */
export function sent({
  url,
  headers = {},
  body,
}: Pick<Signed, 'url' | 'headers' | 'body'>): RequestView {
  const method = body === undefined ? 'GET' : 'POST'
  const query = new URL(url).search.slice(1)
  return view({ method, query, headers: Object.entries(headers), body: Buffer.from(body ?? '') })
}

/** A link with this credential. */
export function link(parameter: string, credential: string): RequestView {
  return view({ query: `${parameter}=${encodeURIComponent(credential)}` })
}
