import { createVerifier, type Reservation, type VerifierOptions } from '@countersign/core'
import { harlyy } from '@countersign/core/schemes'
import { forgeOnce } from '../support/forge'
import { accepted, NOW, outcome, view, type RequestParts } from '../support/request'
import { CURRENT } from '../support/secrets'
import { watchedStore } from './stores'

/** Seconds. */
export const LEASE = 30

/** When the links of these tests expire, in milliseconds. */
export const EXPIRY: number = NOW + 3_600_000

/** The query of a one-time link. */
export function linkOf(nonce = 'n1', secret: string = CURRENT, exp: number | null = EXPIRY) {
  const claims = exp === null ? { nonce } : { nonce, exp }
  return `sig=${encodeURIComponent(forgeOnce(claims, secret))}`
}

/** A verifier of one-time links over a watched store. Requests are POSTs of one link by default. */
export function guarding(options: VerifierOptions = {}, portal = harlyy({ secret: CURRENT })) {
  const watched = watchedStore()
  const verifier = createVerifier(portal, {
    now: watched.now,
    replayStore: watched.store,
    ...options,
  })
  const verify = (parts: RequestParts = {}) =>
    verifier.verify(view({ method: 'POST', query: linkOf(), ...parts }))
  return {
    ...watched,
    portal,
    verify,
    /** `200`, or status and code of the refusal. What it reserves stays reserved. */
    ask: async (parts?: RequestParts) => outcome(await verify(parts)),
    /** @throws where the request is refused or reserves nothing */
    async reserve(parts?: RequestParts): Promise<Reservation> {
      const { reservation } = accepted(await verify(parts))
      if (reservation) return reservation
      throw new Error('nothing was reserved')
    },
  }
}

/** As `guarding`, in lease mode. */
export const leasing = (options: VerifierOptions = {}) =>
  guarding({ consume: { lease: LEASE }, ...options })
