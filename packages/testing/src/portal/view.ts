import type { RequestView } from '@countersign/core'
import type { WireRequest } from '../minted'

/** A request as the core sees one. */
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
