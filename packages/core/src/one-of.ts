import { recover, whenReady, type Awaitable } from './awaitable'
import type { Carrier, Found } from './carrier'
import { isRejection, Rejection } from './rejection'
import type { RequestView } from './request'

/** Several places for one credential. Two at once is ambiguous; the first is where we write. */
export function oneOf<Sent>(
  primary: Carrier<Sent>,
  ...others: readonly Carrier<Sent>[]
): Carrier<Sent> {
  const carriers = [primary, ...others]
  return {
    places: carriers.flatMap((carrier) => carrier.places),
    parameters: carriers.flatMap((carrier) => carrier.parameters),
    read: (request) =>
      whenReady(readEach(carriers, request), (all) => all.find((found) => found !== undefined)),
    write: (sent) => primary.write(sent),
  }
}

/** Something was sent, and is no credential. */
interface Broken {
  /** Where it may have stood: its carrier looks at each. */
  readonly places: readonly string[]
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
      if (sent) return { places: carrier.places, error }
      throw error
    },
  )
}

function fromOnePlace<Sent>(attempts: readonly Attempt<Sent>[]): (Found<Sent> | undefined)[] {
  const places = attempts.flatMap((each) => (each ? [placesOf(each)] : []))
  const shared = places[0]?.filter((place) => places.every((others) => others.includes(place)))
  if (shared?.length === 0) {
    const all = [...new Set(places.flat())]
    throw new Rejection('credential_ambiguous', `sent in ${all.join(' and ')}`)
  }
  return attempts.map((each) => {
    if (each && 'error' in each) throw each.error
    return each
  })
}

function placesOf<Sent>(attempt: Found<Sent> | Broken): readonly string[] {
  return 'error' in attempt ? attempt.places : [attempt.place]
}
