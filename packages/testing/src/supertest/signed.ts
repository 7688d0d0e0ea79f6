import type { InputOf, Portal } from '@countersign/core'
import { mint, type MintOptions } from '../mint'
import type { WireHeader, WireRequest } from '../minting/request'
import { mistake } from '../mistake'
import { beforeSending, hasBody, headersOf, type PendingRequest } from './pending'

/** How a request is signed; its method is the request's own. */
export type SignedOptions = Omit<MintOptions, 'method'>

/**
 * Signs a request of supertest as a user of the portal, when it is sent, and gives it back:
 * `await signed(request(app).post('/vote'), portal, user).expect(200)`. Query and headers that the
 * test has set are kept. A scheme that signs a body sends its own.
 * @throws ConfigError where the test has given a body to a request whose body is to be signed; what
 *   `mint` rejects with fails the request
 */
export function signed<Pending extends PendingRequest, P extends Portal>(
  pending: Pending,
  portal: P,
  ...[user, options = {}]: readonly [user: InputOf<P>, options?: SignedOptions]
): Pending {
  if (!portal.scheme.codec.compact && options.carrier === undefined) assertNoBody(pending, portal)
  beforeSending(pending, async () => {
    const { request, before } = await mint(portal, user, options)
    if (before.length > 0) {
      throw mistake(
        `The defect "${options.defect}" takes more than one request`,
        'Send the requests of `mint(…)`, or sign two requests with the same `nonce`',
      )
    }
    if (request.body) assertNoBody(pending, portal)
    apply(pending, request)
  })
  return pending
}

function apply(pending: PendingRequest, { query, headers, body }: WireRequest): void {
  if (query !== '') pending.query(query)
  for (const [name, values] of byName(headers)) {
    if (name === 'content-type' && keepsItsType(pending, values)) continue
    pending.set(name, (values.length > 1 ? values : values[0]) as string) // a list is sent as it is
  }
  if (body) {
    pending.serialize((bytes) => bytes as string) // what it is given is sent, bytes or text
    pending.send(Buffer.from(body))
  }
}

/** A type of the test's own is kept, unless the defect is in the type. */
function keepsItsType(pending: PendingRequest, [type]: readonly string[]): boolean {
  const isSet = headersOf(pending).some((name) => name.toLowerCase() === 'content-type')
  return isSet && type === 'application/json'
}

function byName(headers: readonly WireHeader[]): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, readonly string[]>()
  for (const [name, value] of headers) all.set(name, [...(all.get(name) ?? []), value])
  return all
}

function assertNoBody(pending: PendingRequest, { scheme }: Portal): void {
  if (!hasBody(pending)) return
  throw mistake(
    `A request of ${scheme.name} is its signed user, so it has no room for another body`,
    'Leave out `.send()`, `.field()` and `.attach()`',
  )
}
