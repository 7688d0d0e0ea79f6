import { evaluation, run, type Program, type Send } from './connection'
import type { RedisCommand } from './options'
import { REMOVE } from './scripts'

/** Writes under a key, and is content only when enough replicas have it. */
export type Write = (writing: Writing) => Promise<unknown>

export interface Writing {
  readonly key: string
  readonly program: Program
  /** Whether this reply says that it has written. @throws Error for what is no answer to it */
  readonly wrote: (reply: unknown) => boolean
  /** What it writes, where nobody may have it unless the replicas do. */
  readonly takeBack?: string | undefined
}

/** How long replicas may take, in milliseconds: less than a guard waits for its store. */
const REPLICAS_IN = 250

/** @param replicas how many must have it; `undefined` for none */
export function writer(send: Send, replicas: number | undefined): Write {
  if (replicas === undefined) return ({ key, program }) => run(send, key, program)
  return async ({ key, program, wrote, takeBack }) => {
    // with its text: it must be right the first time, with WAIT behind it
    const command = evaluation(key, program)
    const [reply, shortfall] = await replicated({ send, key, replicas }, command)
    if (!shortfall || !wrote(reply)) return reply
    if (takeBack !== undefined) {
      const removal = { script: REMOVE, args: [takeBack] }
      await send(key, ...evaluation(key, removal)).catch(() => undefined) // it has failed anyway
    }
    throw shortfall
  }
}

interface Place {
  readonly send: Send
  readonly key: string
  readonly replicas: number
}

/**
 * WAIT counts for what its own connection has written. A client that connects anew in between, or has
 * several connections, would get a number that says nothing: the ids show that it did not.
 */
async function replicated(
  { send, key, replicas }: Place,
  command: RedisCommand,
): Promise<readonly [reply: unknown, shortfall: Error | undefined]> {
  const [before, written, waited, after] = await Promise.allSettled([
    send(key, 'CLIENT', 'ID'),
    send(key, ...command),
    send(key, 'WAIT', String(replicas), String(REPLICAS_IN)),
    send(key, 'CLIENT', 'ID'),
  ])
  if (written.status === 'rejected') throw written.reason
  return [written.value, shortfallOf(replicas, [before, waited, after])]
}

function shortfallOf(
  replicas: number,
  results: readonly PromiseSettledResult<unknown>[],
): Error | undefined {
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) return new Error('Redis did not say who has it', { cause: failed.reason })
  const [before, count, after] = results.map((result) =>
    result.status === 'fulfilled' ? numberIn(result.value) : undefined,
  )
  if (before === undefined || before !== after) {
    return new Error('WAIT was sent through another connection than the write')
  }
  if (count !== undefined && count >= replicas) return undefined
  return new Error(`only ${count ?? 'no'} of ${replicas} replicas have it`)
}

/** A whole number; some clients give it as text. */
function numberIn(reply: unknown): number | undefined {
  if (typeof reply === 'string' && /^\d{1,15}$/.test(reply)) return Number(reply)
  return Number.isSafeInteger(reply) ? Number(reply) : undefined
}
