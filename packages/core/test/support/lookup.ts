import { createVerifier, type SecretLookup } from '@countersign/core'
import { forgeMessage, type MessageParts } from './forge'
import { now, outcome, view } from './request'
import { message } from './schemes'

/** A verifier for one lookup, asked about the workspace `demo` unless told otherwise. */
export function asking(secret: SecretLookup, clock: () => number = now) {
  const verifier = createVerifier(message({ secret }), { now: clock })
  return async (parts: MessageParts = {}) => {
    const { headers, body } = forgeMessage({ timestamp: String(clock()), ...parts })
    return outcome(await verifier.verify(view({ method: 'POST', headers, body })))
  }
}
