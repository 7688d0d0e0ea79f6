import { createGuard, type Decision, type RequestView } from '@countersign/core'
import type { Answer, Front } from './front'
import type { RawRequest } from './raw-client'

/** The guard without a framework or a socket: the view is made of the request itself. */
export const coreFront: Front = {
  name: 'core',
  async open(portal, options = {}) {
    const guard = createGuard(portal, options)
    return {
      send: async (request) => asAnswer(await guard.decide(viewOf(request))),
      close: async () => {},
    }
  },
}

/** A request as the core sees it. */
export function viewOf({
  method = 'GET',
  target,
  headers = [],
  body,
}: RawRequest): RequestView<object> {
  const bytes = Buffer.concat([body ?? []].flat().map((piece) => Buffer.from(piece)))
  const valuesOf = (name: string) =>
    headers.filter(([sent]) => sent.toLowerCase() === name).map(([, value]) => value)
  const names = headers.map(([name]) => name.toLowerCase())
  const joined = Object.fromEntries(names.map((name) => [name, valuesOf(name).join(', ')]))
  return { method, target, headers: valuesOf, body: () => bytes, native: { headers: joined } }
}

function asAnswer(decision: Decision): Answer {
  const none = { error: undefined, handled: undefined, rotated: false, response: undefined }
  if (!decision.pass) {
    const { error } = decision
    return { ...none, status: error.status, code: error.code, error }
  }
  const { user, auth, rotated = false } = decision.verified ?? {}
  return { ...none, status: 200, code: null, handled: { user, auth }, rotated }
}
