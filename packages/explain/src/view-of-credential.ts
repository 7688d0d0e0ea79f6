import type { JsonObject, RequestView } from '@countersign/core'
import type { Context } from './context'

/**
 * A request with these claims, signed and sent as the portal wants it. It never leaves this
 * package: it would be a credential for whoever the claims name.
 */
export function viewOfCredential(
  claims: JsonObject,
  { portal, keys, audience, now }: Context,
): RequestView {
  const { codec, carrier } = portal.scheme
  const key = keys.find(({ notAfter }) => now < notAfter)
  const unsigned = codec.seal(claims, audience ?? 'any')
  const signature = key?.sign(unsigned.input, codec.signature) ?? ''
  const { query = '', headers = {}, body = '' } = carrier.write(unsigned.finish(signature))
  const bytes = Buffer.from(body, 'utf8')
  return {
    method: 'POST',
    target: `/?${query}`,
    headers: (name) =>
      Object.entries(headers)
        .filter(([each]) => each.toLowerCase() === name)
        .map(([, value]) => value),
    body: () => bytes,
    native: undefined,
  }
}
