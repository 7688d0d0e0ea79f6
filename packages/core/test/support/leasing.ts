import {
  createVerifier,
  type ReplayStore,
  type Reservation,
  type VerifierOptions,
} from '@countersign/core'
import { forgeOnce, onceClaims } from './forge'
import { memoryStore } from './memory'
import { accepted, NOW, outcome, view, type RequestParts } from './request'
import { once } from './schemes'
import { CURRENT } from './secrets'

export const LEASE = 30

/** The query of a one-time link. */
export function linkOf(nonce = 'n1'): string {
  return `sig=${encodeURIComponent(forgeOnce({ ...onceClaims, exp: NOW + 3_600_000, nonce }))}`
}

/** A memory store that is watched, and that a test can take away. */
export function watchedStore() {
  const timed = memoryStore()
  const { store: inner, leases } = timed
  const calls: string[] = []
  let fault: Error | undefined
  let silent = false

  function watched<Words extends readonly unknown[], Answer>(
    name: string,
    ask: (...words: Words) => Promise<Answer>,
  ) {
    return (...words: Words): Promise<Answer> => {
      calls.push(name)
      if (silent) return new Promise<never>(() => undefined)
      return fault ? Promise.reject(fault) : ask(...words)
    }
  }

  const store: ReplayStore = {
    claim: watched('claim', inner.claim),
    has: watched('has', inner.has),
    durable: false,
    leases: {
      reserve: watched('reserve', leases.reserve),
      commit: watched('commit', leases.commit),
      release: watched('release', leases.release),
      look: watched('look', leases.look),
    },
  }
  return {
    ...timed,
    store,
    /** What the store was asked, in order. */
    calls,
    fail: () => void (fault = new Error('no connection')),
    hush: () => void (silent = true),
    heal() {
      fault = undefined
      silent = false
    },
  }
}

/** A guarded handler's way through the core: verify, then settle by the status of the answer. */
export function leasing(options: VerifierOptions = {}) {
  const watched = watchedStore()
  const portal = once({ secret: CURRENT })
  const guarded = {
    now: watched.now,
    replayStore: watched.store,
    consume: { lease: LEASE },
    ...options,
  }
  const verifier = createVerifier(portal, guarded)
  const verify = async (parts: RequestParts = {}) =>
    verifier.verify(view({ method: 'POST', query: linkOf(), ...parts }))
  return {
    ...watched,
    portal,
    verify,
    /** `200`, or status and code of the refusal. What it reserves stays reserved. */
    ask: async (parts?: RequestParts) => outcome(await verify(parts)),
    /** @throws where nothing was reserved */
    async reserve(parts?: RequestParts): Promise<Reservation> {
      const { reservation } = accepted(await verify(parts))
      if (reservation) return reservation
      throw new Error('nothing was reserved')
    },
  }
}
