import type { InputOf, Portal } from '@countersign/core'
import { MINT_OPTIONS, mintOne, type MintOptions } from '../mint'
import { credentialHeaders } from '../minting/format'
import type { WireRequest } from '../minting/request'
import { assertOptions, mistake } from '../mistake'
import { beforeSending, headersOf, inside, type PendingRequest } from './pending'

/** How a request is signed; its method is the request's own. */
export type SignedOptions = Omit<MintOptions, 'method'>

/**
 * Signs a request of supertest when it is sent, and gives it back, with the query and headers that it
 * had: `await signed(request(app).post('/vote'), portal, user).expect(200)`.
 * @throws ConfigError where a body is set although the credential has one
 */
export function signed<Pending extends PendingRequest, P extends Portal>(
  pending: Pending,
  portal: P,
  ...[user, options = {}]: readonly [user: InputOf<P>, options?: SignedOptions]
): Pending {
  assertOptions('signed()', options, `${MINT_OPTIONS} carrier`)
  if (!portal.scheme.codec.compact && options.carrier === undefined) assertNoBody(pending, portal)
  beforeSending(pending, async () => {
    const request = await mintOne(portal, user, options)
    if (request.body) assertNoBody(pending, portal)
    apply(pending, request)
  })
  return pending
}

function apply(pending: PendingRequest, { query, headers, body }: WireRequest): void {
  if (query !== '') pending.query(query)
  const typed = headersOf(pending).some((name) => name.toLowerCase() === 'content-type')
  for (const name of new Set(headers.map(([each]) => each))) {
    const values = headers.filter(([each]) => each === name).map(([, value]) => value)
    // a type of the test's own is kept
    if (name === 'content-type' && typed && values[0] === 'application/json') continue
    pending.set(name, (values.length > 1 ? values : values[0]) as string) // a list is sent as it is
  }
  if (body) {
    pending.serialize((bytes) => bytes as string) // what it is given is sent, bytes or text
    pending.send(Buffer.from(body))
  }
}

function assertNoBody(pending: PendingRequest, { scheme }: Portal): void {
  const { _data, _formData } = inside(pending)
  if ((_data === undefined || _data === null) && !_formData) return
  throw mistake(
    `A request of ${scheme.name} is its signed user, so it has no room for another body`,
    'Leave out `.send()`, `.field()` and `.attach()`',
  )
}

/** Removes `Authorization` and the headers of these portals from a request, when it is sent. */
export function asStranger<Pending extends PendingRequest>(
  pending: Pending,
  ...portals: readonly Portal[]
): Pending {
  const headers = ['authorization', ...portals.flatMap(credentialHeaders)]
  beforeSending(pending, async () => {
    for (const name of headersOf(pending)) {
      if (headers.includes(name.toLowerCase())) pending.unset(name)
    }
  })
  return pending
}
