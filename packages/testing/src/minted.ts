/** One header as it is put on the wire. */
export type WireHeader = readonly [name: string, value: string]

/** A request to be sent as it stands. The kit owns its bytes: nothing is sorted, joined or escaped. */
export interface WireRequest {
  readonly method: string
  /** The query as it is sent, without its question mark; empty for none. */
  readonly query: string
  /** In this order, duplicates included. */
  readonly headers: readonly WireHeader[]
  readonly body?: Uint8Array | undefined
}

/** What must be answered. */
export interface Expectation {
  readonly status: number
  /** The `code` of the answer's problem document; `null` where the request must get through. */
  readonly code: string | null
}

/** A credential on its way, right or wrong in one named way. */
export interface Minted {
  readonly request: WireRequest
  /** What has to be sent before it, in this order. Each must get through. */
  readonly before: readonly WireRequest[]
  readonly expect: Expectation
}
