import type { Portal } from '@countersign/core'
import { credentialHeaders } from '../minting/format'
import { mistake } from '../mistake'
import { beforeSending, headersOf, parametersOf, type PendingRequest } from './pending'

/**
 * Makes sure, when the request is sent, that it carries no credential: neither `Authorization`, an
 * agent's default perhaps, nor a header of these portals. A credential in the query was written by
 * the test itself, so it is a mistake: the request fails.
 */
export function asStranger<Pending extends PendingRequest>(
  pending: Pending,
  ...portals: readonly Portal[]
): Pending {
  const headers = ['authorization', ...portals.flatMap(credentialHeaders)]
  const parameters = portals.flatMap(({ scheme }) => scheme.carrier.parameters)
  beforeSending(pending, async () => {
    for (const name of headersOf(pending)) {
      if (headers.includes(name.toLowerCase())) pending.unset(name)
    }
    const sent = parametersOf(pending).find((name) => parameters.includes(name))
    if (sent === undefined) return
    throw mistake(
      `The request of asStranger() carries "${sent}" in its query`,
      'Leave it out of the path and of `.query()`',
    )
  })
  return pending
}
