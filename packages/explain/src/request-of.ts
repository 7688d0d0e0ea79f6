import type { Portal, RequestView } from '@countersign/core'
import { readGiven, type GivenRequest } from './given/given'
import { viewOf } from './given/sent'

/**
 * Makes a request, for a verifier, of anything that contains a credential.
 * @param given as for `explain`
 */
export function requestOf(given: string | GivenRequest, portal: Portal): RequestView {
  return viewOf(readGiven(given, portal))
}
