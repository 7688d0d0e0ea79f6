import type { RedisCommand } from './options'

/** How long the replicas have to confirm a write, in milliseconds: less than a guard waits for its store. */
const REPLICAS_IN = 250

interface Written {
  readonly reply: unknown
  /** Set where too few replicas have confirmed it. */
  readonly shortfall: NotReplicated | undefined
}

/** A write that too few replicas have confirmed. */
export class NotReplicated extends Error {
  override readonly name = 'NotReplicated'
}

/**
 * Sends a write and counts the replicas that have it. WAIT counts for the writes of its own
 * connection. A client that reconnects in between, or that has several connections, would get a count
 * of something else: the ids of the connections show that it did not.
 */
export async function replicated(
  send: (...command: RedisCommand) => Promise<unknown>,
  write: RedisCommand,
  { replicas }: { readonly replicas: number },
): Promise<Written> {
  const [before, written, waited, after] = await Promise.allSettled([
    send('CLIENT', 'ID'),
    send(...write),
    send('WAIT', String(replicas), String(REPLICAS_IN)),
    send('CLIENT', 'ID'),
  ])
  if (written.status === 'rejected') throw written.reason
  return { reply: written.value, shortfall: shortfallOf(replicas, [before, waited, after]) }
}

function shortfallOf(
  replicas: number,
  results: readonly PromiseSettledResult<unknown>[],
): NotReplicated | undefined {
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) {
    return new NotReplicated('Redis did not say which replicas have the write', {
      cause: failed.reason,
    })
  }
  const [before, count, after] = results.map((result) =>
    result.status === 'fulfilled' ? numberIn(result.value) : undefined,
  )
  if (before === undefined || before !== after) {
    return new NotReplicated('WAIT was sent through another connection than the write')
  }
  if (count !== undefined && count >= replicas) return undefined
  return new NotReplicated(
    `${count ?? 'none'} of ${replicas} replicas confirmed the write within ${REPLICAS_IN} ms`,
  )
}

/** A whole number; some clients return it as text. */
function numberIn(reply: unknown): number | undefined {
  if (typeof reply === 'string' && /^\d{1,15}$/.test(reply)) return Number(reply)
  return Number.isSafeInteger(reply) ? Number(reply) : undefined
}
