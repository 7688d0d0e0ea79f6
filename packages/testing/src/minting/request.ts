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

/** A request with a credential, valid or wrong in one named way. */
export interface Minted {
  readonly request: WireRequest
  /** Requests to send first, in this order. Each must be let in. */
  readonly before: readonly WireRequest[]
  readonly expect: Expectation
}

export const LET_IN: Expectation = { status: 200, code: null }
