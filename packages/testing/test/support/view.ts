import { isRejection, type RequestView, type Verification } from '@countersign/core'
import type { WireRequest } from '@countersign/testing'

/** What a verifier sees of a minted request, once it has arrived. */
export function viewOf({ method, query, headers, body }: WireRequest): RequestView {
  return {
    method,
    target: `/vote?${query}`,
    headers: (name) => headers.filter(([sent]) => sent.toLowerCase() === name).map(valueOf),
    body: () => body ?? Buffer.alloc(0),
    native: {},
  }
}

function valueOf([, value]: readonly [string, string]): string {
  return value.trim() // as a server does
}

/** The code of a refusal, or `null` for a pass. */
export function codeOf(result: Verification): string | null {
  if (result.ok) return null
  return isRejection(result.error)
    ? result.error.code
    : `${result.error.name} ${result.error.reason}`
}
