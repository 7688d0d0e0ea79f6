import {
  createVerifier,
  memoryReplayStore,
  type Portal,
  type Verification,
} from '@countersign/core'
import type { WireRequest } from '../minted'
import { viewOf } from './view'

export interface Circumstances {
  readonly now?: (() => number) | undefined
  readonly tenant?: string | undefined
}

/** What a sound verifier makes of a request. It only looks: nothing is used up. */
export async function outcomeOf(
  request: Omit<WireRequest, 'method'>,
  portal: Portal,
  { now, tenant }: Circumstances,
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
