import type { Awaitable } from '../awaitable'
import { isRejection, Rejection } from '../rejection'
import { warn } from '../report'
import type { StoreClient, Entry } from './ask-store'
import { retried } from './undo'

/** A one-time credential that the response to its request uses up or releases. */
export interface Reservation {
  /**
   * A success (a status below 400) uses the credential up, anything else releases it. Only the first
   * call has an effect. Never rejects; if the store is unreachable, the use is recorded in the
   * background.
   * @returns when the store has recorded it, or did not answer in time
   */
  settle(status: number): Promise<void>
}

/** A lease that was asked for. */
export interface LeasedEntry extends Reservation {
  /** Settles when the store has answered; rejects where the credential is taken. */
  readonly first: Awaitable<void>
  /** Uses the credential up now. @throws Rejection `token_replayed` where the lease has ended and another request has taken it */
  consume(): Promise<void>
}

/** How long after the end of a lease its use is still offered to the store, in milliseconds. */
const PERSISTENCE = 600_000

/** @param duration milliseconds */
export function lease(entry: Entry, client: StoreClient, duration: number): LeasedEntry {
  const { unrecorded } = client
  let settled: Promise<void> | undefined

  const commit = (): Promise<void> => committed(client, entry)

  async function record(): Promise<void> {
    unrecorded.add(entry.key)
    const outcome = await recordOnce(commit)
    if (outcome) return finish(outcome)
    void retried(() => recordOnce(commit), performance.now() + duration + PERSISTENCE).then(
      (later) => finish(later === 'overtaken' ? 'cut off' : (later ?? 'unrecorded')),
    )
  }

  function finish(outcome: Outcome): void {
    unrecorded.delete(entry.key)
    if (outcome !== 'recorded') warnOf(outcome, duration)
  }

  return {
    first: client.reserve(entry, duration),
    settle: (status) => (settled ??= status < 400 ? record() : released(client, entry)),
    async consume() {
      await commit()
      settled = Promise.resolve()
    },
  }
}

async function committed(client: StoreClient, entry: Entry): Promise<void> {
  if (await client.commit(entry)) return
  throw new Rejection('token_replayed', 'the lease ended, and another request took the credential')
}

async function released(client: StoreClient, entry: Entry): Promise<void> {
  try {
    await client.release(entry)
  } catch {
    // the lease ends by itself
  }
}

/** `cut off`: another process took the credential while this one could not reach the store. */
type Outcome = 'recorded' | 'overtaken' | 'cut off' | 'unrecorded'

/** @returns `undefined` where the store cannot be reached */
async function recordOnce(
  commit: () => Promise<void>,
): Promise<'recorded' | 'overtaken' | undefined> {
  try {
    await commit()
    return 'recorded'
  } catch (error) {
    return isRejection(error) && error.code === 'token_replayed' ? 'overtaken' : undefined
  }
}

function warnOf(outcome: Exclude<Outcome, 'recorded'>, duration: number): void {
  const seconds = `${duration / 1000} s`
  if (outcome === 'overtaken') {
    return warn(
      'COUNTERSIGN_LEASE_TOO_SHORT',
      `a handler took longer than its lease of ${seconds}, and its credential was used a second time. Set a longer \`lease\`.`,
    )
  }
  if (outcome === 'cut off') {
    return warn(
      'COUNTERSIGN_LEASE_CUT_OFF',
      `the replay store could not be reached before a lease of ${seconds} ended, and another process used the credential a second time. Set a \`lease\` longer than the outages of the store, or call \`portalAuth.consume()\` before the work.`,
    )
  }
  warn(
    'COUNTERSIGN_USE_NOT_RECORDED',
    'a credential was used, and the replay store could not record it. It may be used again.',
  )
}
