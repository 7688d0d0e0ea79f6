import type { Visit } from '../app'

/** Where a handler and a trial meet. */
export interface Stage {
  /** How often a link's handler was run, this time included. */
  arrive(visit: Visit): number
  /** Settles when as many handlers have begun as were waited for. */
  readonly begun: Promise<void>
  /** What a handler may wait for. */
  readonly curtain: Promise<void>
  readonly isRaised: boolean
  raise(): void
}

/** @param handlers how many to wait for */
export function newStage(handlers = 1): Stage {
  const visits = new Map<string, number>()
  let arrivals = 0
  const begun = signal()
  const curtain = signal()
  return {
    arrive({ nonce }) {
      const count = (visits.get(nonce) ?? 0) + 1
      visits.set(nonce, count)
      if (++arrivals === handlers) begun.give()
      return count
    },
    begun: begun.given,
    curtain: curtain.given,
    get isRaised() {
      return curtain.isGiven()
    },
    raise: curtain.give,
  }
}

interface Signal {
  readonly given: Promise<void>
  isGiven(): boolean
  give(): void
}

function signal(): Signal {
  let settle = (): void => undefined
  let isGiven = false
  const given = new Promise<void>((resolve) => (settle = resolve))
  const give = (): void => {
    isGiven = true
    settle()
  }
  return { given, isGiven: () => isGiven, give }
}
