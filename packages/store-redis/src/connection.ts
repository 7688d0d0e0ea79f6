import type { RedisCommand, RedisReplayStoreOptions } from './options'
import type { Script } from './scripts'

/** Sends a command to where the key is. Nothing is awaited before it is handed to the client. */
export type Send = (key: string, ...command: RedisCommand) => Promise<unknown>

export function connection({ sendCommand, sendClusterCommand }: RedisReplayStoreOptions): Send {
  return async (key, ...args) => {
    if (sendCommand) return sendCommand(...args)
    return sendClusterCommand!({ key, readonly: false, args }) // one of the two is given
  }
}

/** Runs a script on one key, by its name where the server has run it before. */
export async function run(send: Send, key: string, { script, args }: Program): Promise<unknown> {
  try {
    return await send(key, 'EVALSHA', script.sha, '1', key, ...args)
  } catch (error) {
    if (!isUnknownScript(error)) throw error
    return send(key, ...evaluation(key, { script, args }))
  }
}

export interface Program {
  readonly script: Script
  readonly args: readonly string[]
}

/** The same with its text. */
export function evaluation(key: string, { script, args }: Program): RedisCommand {
  return ['EVAL', script.text, '1', key, ...args]
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}

/** A reply that is a text, or nothing. @throws Error for any other */
export function textOrNull(reply: unknown, command: string): string | null {
  if (reply === null || typeof reply === 'string') return reply
  throw unexpected(command, reply)
}

/** Says what kind of reply it was, and nothing that stood in it. */
export function unexpected(command: string, reply: unknown): Error {
  const kind = reply instanceof Uint8Array ? 'bytes' : typeof reply
  return new Error(`Redis answered ${command} with something else than it may (${kind})`)
}
