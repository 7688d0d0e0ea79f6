import {
  checkedOwner,
  leaseSpan,
  retentionSpan,
  uniqueNames,
  type ReplayLeases,
  type SharedReplayStore,
  type UseState,
} from '@countersign/core'
import type { Asking } from './ask'
import { NotReplicated } from './replicas'
import { READ, REMOVE, TAKE } from './scripts'

/** The operations of the store. */
export type Uses = Omit<SharedReplayStore, 'durable'>

/** The store's operations. Each is one script on one key. */
export function usesIn(asking: Asking, prefix: string): Uses {
  const { read, take, takeOrUndo, remove } = entriesIn(asking, prefix)
  const newOwner = uniqueNames()
  const look = async (key: string): Promise<UseState> => stateOf(await read(key))

  const leases: ReplayLeases = {
    async reserve(key, { owner, duration }) {
      const entry = leasedBy(owner)
      const held = await takeOrUndo(key, {
        entry,
        replaces: entry,
        lifetime: String(Math.ceil(leaseSpan(duration))),
      })
      return held === entry ? 'free' : stateOf(held)
    },
    async commit(key, { owner, expiresAt }) {
      const use = useOf(owner, expiresAt)
      return (await take(key, use)) === use.entry
    },
    release: async (key, owner) => remove(key, leasedBy(owner)),
    look,
  }

  return {
    async claim(key, expiresAt, owner = newOwner()) {
      const use = useOf(owner, expiresAt)
      return (await takeOrUndo(key, use)) === use.entry
    },
    unclaim: async (key, owner) => remove(key, usedBy(owner)),
    has: async (key) => (await look(key)) !== 'free',
    leases,
  }
}

/** The entries under the keys, as texts. */
interface Entries {
  read(key: string): Promise<string | null>
  /** @returns the entry afterwards: the one to write, or one of another owner */
  take(key: string, taking: Taking): Promise<string | null>
  /** As `take`, and deletes the entry again where too few replicas have it. */
  takeOrUndo(key: string, taking: Taking): Promise<string | null>
  /** @returns whether the key had this entry */
  remove(key: string, entry: string): Promise<boolean>
}

function entriesIn({ ask, write }: Asking, prefix: string): Entries {
  const take: Entries['take'] = async (key, { entry, replaces, lifetime }) =>
    own(await write(TAKE, prefix + key, entry, replaces, lifetime))

  return {
    read: async (key) => own(await ask(READ, prefix + key)),
    take,
    async takeOrUndo(key, taking) {
      try {
        return await take(key, taking)
      } catch (error) {
        if (error instanceof NotReplicated) {
          await ask(REMOVE, prefix + key, taking.entry).catch(() => undefined) // `error` says that it failed
        }
        throw error
      }
    },
    remove: async (key, entry) => own(await ask(REMOVE, prefix + key, entry)) === entry,
  }
}

interface Taking {
  readonly entry: string
  /** An entry of the same owner that this one may replace. */
  readonly replaces: string
  /** Milliseconds; empty for no end. */
  readonly lifetime: string
}

/** An entry holds the state of its key and the owner. */
const USED = 'used:'
const LEASED = 'lease:'

function usedBy(owner: string): string {
  return USED + checkedOwner(owner)
}

function leasedBy(owner: string): string {
  return LEASED + checkedOwner(owner)
}

function stateOf(entry: string | null): UseState {
  if (entry === null) return 'free'
  return entry.startsWith(USED) ? 'used' : 'leased'
}

/** @throws Error for an entry that this store has not written */
function own(entry: string | null): string | null {
  if (entry === null || entry.startsWith(USED) || entry.startsWith(LEASED)) return entry
  throw new Error('Other code has written to this key. Give the replay store a `prefix` of its own')
}

function useOf(owner: string, expiresAt: number): Taking {
  const span = retentionSpan(expiresAt)
  const lifetime = span === undefined ? '' : String(Math.ceil(span))
  return { entry: usedBy(owner), replaces: leasedBy(owner), lifetime }
}
