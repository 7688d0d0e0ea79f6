import { run, textOrNull, unexpected, type Send } from './connection'
import { ours } from './entry'
import { REMOVE, TAKE } from './scripts'
import type { Write } from './writer'

/** Milliseconds by the server's clock; `undefined` for ever. */
export type Span = number | undefined

/** The entries of a store, one under each key. */
export interface Entries {
  /** Writes where nothing is, or this very entry. @returns what stands there now */
  take(key: string, entry: string, span: Span): Promise<string>
  read(key: string): Promise<string | null>
  /** Replaces this lease. @returns false where somebody else has the key */
  makeFinal(key: string, use: FinalUse): Promise<boolean>
  /** Removes this very entry. @returns whether it stood there */
  remove(key: string, entry: string): Promise<boolean>
}

export interface FinalUse {
  readonly lease: string
  readonly use: string
  readonly span: Span
}

export function entries(send: Send, write: Write): Entries {
  async function put(key: string, { lease, use, span }: FinalUse): Promise<string> {
    const reply = await write({
      key,
      program: { script: TAKE, args: [use, lease, span === undefined ? '' : String(span)] },
      wrote: (said) => heldAfter(said, use) === use,
      takeBack: lease === use ? use : undefined, // what was on lease stays so
    })
    return heldAfter(reply, use)
  }

  return {
    take: (key, entry, span) => put(key, { lease: entry, use: entry, span }),
    read: async (key) => ours(textOrNull(await send(key, 'GET', key), 'GET')),
    makeFinal: async (key, use) => (await put(key, use)) === use.use,
    async remove(key, entry) {
      const reply = await run(send, key, { script: REMOVE, args: [entry] })
      if (reply === 'OK') return true
      ours(textOrNull(reply, 'EVAL'))
      return false
    },
  }
}

/**
 * What stands there now. A client that lost count of its replies gives the answer to another question:
 * that names another entry. @throws Error for any such
 */
function heldAfter(reply: unknown, entry: string): string {
  if (reply === entry) return entry
  const [wanted, held]: readonly unknown[] = Array.isArray(reply) ? reply : []
  if (wanted !== entry || typeof held !== 'string') throw unexpected('EVAL', reply)
  ours(held)
  return held
}
