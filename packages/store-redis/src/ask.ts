import { uniqueNames } from '@countersign/core'
import type { RedisCommand, RedisSettings } from './options'
import { replicated } from './replicas'
import type { Script } from './scripts'

/** Sends a command to the node that has the key. */
export type Send = (key: string, ...command: RedisCommand) => Promise<unknown>

/** Runs a script on a key. @returns its answer. @throws Error for the reply to another question */
export type Ask = (script: Script, key: string, ...args: string[]) => Promise<string | null>

export interface Asking {
  readonly ask: Ask
  /** As `ask`, and rejects with `NotReplicated` unless enough replicas have confirmed the write. */
  readonly write: Ask
  readonly send: Send
}

/** @param replicas how many must confirm a write; `undefined` for none */
export function asking({ waitReplicas, ...ways }: RedisSettings): Asking {
  const send = sender(ways)
  const newId = uniqueNames()

  const ask: Ask = async (script, key, ...args) => {
    const id = newId()
    return answerTo(id, await run(send, { script, key, args: [id, ...args] }))
  }

  const write: Ask = async (script, key, ...args) => {
    const id = newId()
    // by its text: WAIT follows directly, so it must not fail for an unknown hash
    const command = withText({ script, key, args: [id, ...args] })
    const { reply, shortfall } = await replicated((...each) => send(key, ...each), command, {
      replicas: waitReplicas ?? 0,
    })
    const answer = answerTo(id, reply)
    // an entry of another use was only read
    if (shortfall && answer === args[0]) throw shortfall
    return answer
  }

  return { ask, write: waitReplicas === undefined ? ask : write, send }
}

function sender({
  sendCommand,
  sendClusterCommand,
}: Pick<RedisSettings, 'sendCommand' | 'sendClusterCommand'>): Send {
  return async (key, ...args) => {
    if (sendCommand) return sendCommand(...args)
    return sendClusterCommand!({ key, readonly: false, args }) // one of the two is given
  }
}

interface Program {
  readonly script: Script
  readonly key: string
  readonly args: readonly string[]
}

/** By its hash where the server has it cached. */
async function run(send: Send, program: Program): Promise<unknown> {
  const { script, key, args } = program
  try {
    return await send(key, 'EVALSHA', script.sha, '1', key, ...args)
  } catch (error) {
    const isUnknown = error instanceof Error && error.message.startsWith('NOSCRIPT')
    if (!isUnknown) throw error
    return send(key, ...withText(program))
  }
}

function withText({ script, key, args }: Program): RedisCommand {
  return ['EVAL', script.text, '1', key, ...args]
}

/** A client that lost count of its replies returns the reply to another question: it has another id. */
function answerTo(id: string, reply: unknown): string | null {
  if (reply === 'QUEUED') {
    throw new Error(
      'Other code has begun MULTI on the Redis client. Give the replay store a client of its own',
    )
  }
  const [named, answer]: readonly unknown[] = Array.isArray(reply) ? reply : []
  if (named === id && (answer === null || typeof answer === 'string')) return answer
  const kind = reply instanceof Uint8Array ? 'bytes' : Array.isArray(reply) ? 'list' : typeof reply
  throw new Error(`The reply of the Redis client does not answer the question (${kind})`)
}
