import {
  isPromise,
  isRejection,
  type Carrier,
  type Found,
  type RejectionCode,
} from '@countersign/core'
import type { WireHeader } from '../minted'

/** What a carrier is shown. */
export interface Shown {
  readonly query?: string
  readonly headers?: readonly WireHeader[]
}

/**
 * What a carrier makes of a request without a body: what it finds, the code of its refusal, or
 * `undefined`, also for one that has to wait.
 */
export function readAtOnce(
  carrier: Carrier<unknown>,
  { query = '', headers = [] }: Shown,
): Found<unknown> | RejectionCode | undefined {
  const values = (name: string): string[] =>
    headers.filter(([sent]) => sent.toLowerCase() === name).map(([, value]) => value)
  const body = (): Uint8Array => Buffer.alloc(0)
  try {
    const found = carrier.read({
      method: 'POST',
      target: `/?${query}`,
      headers: values,
      body,
      native: undefined,
    })
    if (!isPromise(found)) return found
    found.then(undefined, () => {}) // its failure would end the process
  } catch (error) {
    if (isRejection(error)) return error.code
  }
  return undefined
}
