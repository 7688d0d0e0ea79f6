import {
  createVerifier,
  memoryReplayStore,
  type Portal,
  type RequestView,
  type Verification,
} from '@countersign/core'
import type { WireRequest } from './request'

/** A request as the core reads it. */
export function viewOf({ method, query, headers, body }: WireRequest): RequestView {
  return {
    method,
    target: query === '' ? '/' : `/?${query}`,
    headers: (name) =>
      headers.filter(([sent]) => sent.toLowerCase() === name).map(([, value]) => value),
    body: () => body ?? new Uint8Array(),
    native: undefined,
  }
}

/** Verifies a request without using anything up. */
export async function verify(
  request: WireRequest,
  portal: Portal,
  {
    now,
    tenant,
  }: { readonly now?: (() => number) | undefined; readonly tenant?: string | undefined },
): Promise<Verification> {
  const verifier = createVerifier(portal, {
    now,
    replayStore: memoryReplayStore(),
    nonceRetention: 60,
    allowShortSecret: true,
    ...(tenant !== undefined && { tenant: () => tenant }),
  })
  return verifier.verify(viewOf({ ...request, method: 'GET' }))
}
