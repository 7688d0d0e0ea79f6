import { recover, whenReady, type Awaitable } from './awaitable'
import type { Carrier, Found } from './carrier'
import { isRejection, Rejection } from './rejection'
import type { RequestView } from './request'

/** Something was sent, and is no credential. */
interface Broken {
  readonly place: string
  readonly error: Rejection
}

/** What a carrier made of a request; `undefined` where nothing was sent its way. */
type Attempt<Sent> = Found<Sent> | Broken | undefined

/**
 * Reads a request with several carriers. That two places hold something is told before what is
 * wrong with one of them.
 * @returns what each carrier found, in their order
 * @throws Rejection `credential_ambiguous`, or what is wrong with the only one that was sent
 */
export function readEach<Sent>(
  carriers: readonly Carrier<Sent>[],
  request: RequestView,
): Awaitable<readonly (Found<Sent> | undefined)[]> {
  const attempts = carriers.reduce<Awaitable<Attempt<Sent>[]>>(
    (before, carrier) =>
      whenReady(before, (all) => whenReady(attempt(carrier, request), (one) => [...all, one])),
    [],
  )
  return whenReady(attempts, fromOnePlace)
}

function attempt<Sent>(carrier: Carrier<Sent>, request: RequestView): Awaitable<Attempt<Sent>> {
  return recover(
    () => carrier.read(request),
    (error): Broken => {
      const sent = isRejection(error) && /^(?:credential_missing|token_malformed)$/.test(error.code)
      if (sent) return { place: carrier.places.join(), error }
      throw error
    },
  )
}

function fromOnePlace<Sent>(attempts: readonly Attempt<Sent>[]): (Found<Sent> | undefined)[] {
  const places = new Set(attempts.flatMap((each) => (each ? [each.place] : [])))
  if (places.size > 1) {
    throw new Rejection('credential_ambiguous', `sent in ${[...places].join(' and ')}`)
  }
  return attempts.map((each) => {
    if (each && 'error' in each) throw each.error
    return each
  })
}
