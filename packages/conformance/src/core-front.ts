import {
  createGuard,
  createVerifier,
  type RequestView,
  type Verification,
  type VerifierOptions,
} from '@countersign/core'
import type { Answer, Front, FrontOptions } from './front'
import type { RawRequest } from '@countersign/testing'

/** The verifier with no framework and no socket: the view is made of the case itself. */
export const coreFront: Front = {
  name: 'core',
  async open(portal, options = {}) {
    const verifier = createVerifier(portal, verifierOptions(options))
    return {
      send: async (request) => asAnswer(await verifier.verify(viewOf(request))),
      close: async () => {},
      parts: [portal, verifier, createGuard(portal, options)],
    }
  },
}

/** What is left of a guard's options where there is no answer to write. */
function verifierOptions(options: FrontOptions): VerifierOptions<unknown> {
  const { mode: _mode, stripCredential: _strip, ...rest } = options
  return rest
}

/** A request as the core sees it. */
export function viewOf({ method = 'GET', target, headers = [], body }: RawRequest): RequestView {
  const bytes = Buffer.concat([body ?? []].flat().map((piece) => Buffer.from(piece)))
  return {
    method,
    target,
    headers: (name) =>
      headers.filter(([sent]) => sent.toLowerCase() === name).map(([, value]) => value),
    body: () => bytes,
    native: {},
  }
}

function asAnswer(result: Verification): Answer {
  if (!result.ok) {
    const { error } = result
    const { status, code } = error
    return { status, code, error, handled: undefined, rotated: false, response: undefined }
  }
  const { user, auth, rotated } = result.value
  const handled = { user, auth, urls: [] }
  return { status: 200, code: null, error: undefined, handled, rotated, response: undefined }
}
