import {
  createVerifier,
  memoryReplayStore,
  type Portal,
  type RequestView,
  type Verification,
} from '@countersign/core'

/** One header as it is sent. */
export type WireHeader = readonly [name: string, value: string]

/** A request to be sent exactly as it is: nothing is sorted, joined or escaped. */
export interface WireRequest {
  readonly method: string
  /** The query as it is sent, without `?`; empty for none. */
  readonly query: string
  /** In this order, duplicates included. */
  readonly headers: readonly WireHeader[]
  readonly body?: Uint8Array | undefined
}

/** The answer that a request must get. */
export interface Expectation {
  readonly status: number
  /** The `code` of the problem document; `null` where the request must be let in. */
  readonly code: string | null
}

export const LET_IN: Expectation = { status: 200, code: null }

/** How a credential is made and sent. */
export interface CredentialOptions {
  /** The clock, in milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined
  /** Lifetime of the credential, in seconds. @default the portal's own */
  readonly expiresIn?: number | undefined
  /** What makes a one-time credential unique. @default a random UUID */
  readonly nonce?: string | undefined
  /** Whose secret signs, and the audience of the credential, where the portal was made without that id. */
  readonly tenant?: string | undefined
  /** @default POST where the credential is single-use or has a body, else GET */
  readonly method?: string | undefined
  /** Where it travels instead: `Authorization: Bearer …`, or the parameter for whole replies. */
  readonly carrier?: 'bearer' | 'parameter' | undefined
}

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
  { now, tenant }: CredentialOptions,
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
