import { memoryReplayStore, type ReplayLeases, type ReplayStore } from '@countersign/core'
import { NOW } from '../support/request'

export type Operation = 'claim' | 'unclaim' | 'has' | keyof ReplayLeases

/** A memory store whose clocks a test turns. */
export function clockedStore(maxEntries = 100) {
  let wall = NOW
  let up = 1_000
  const store = memoryReplayStore({ now: () => wall, uptime: () => up, maxEntries })
  return {
    store,
    leases: store.leases as ReplayLeases, // it has them
    /** Lets time pass for both clocks. */
    pass(ms: number): void {
      wall += ms
      up += ms
    },
    /** Sets the machine's clock forward or back. */
    set: (ms: number): void => void (wall += ms),
    now: () => wall,
  }
}

/** Replaces operations of a store. Whatever a test returns: wrong on purpose. */
export function altered(
  store: ReplayStore,
  alter: (name: Operation, work: (...input: never[]) => unknown) => unknown,
): ReplayStore {
  const each = (name: Operation, work: unknown) => alter(name, work as () => unknown)
  const { claim, unclaim, has, leases, durable } = store
  return {
    claim: each('claim', claim),
    unclaim: each('unclaim', unclaim ?? (() => undefined)),
    has: each('has', has),
    durable,
    leases: Object.fromEntries(
      Object.entries(leases ?? {}).map(([name, work]) => [name, each(name as Operation, work)]),
    ),
  } as unknown as ReplayStore
}

/** A clocked store that notes its calls, and that a test can take away. */
export function watchedStore() {
  const clocked = clockedStore()
  const calls: (readonly [Operation, ...unknown[]])[] = []
  let trouble: 'none' | 'fails' | 'silent' = 'none'
  const store = altered(clocked.store, (name, work) => (...input: never[]) => {
    calls.push([name, ...input])
    if (trouble === 'silent') return new Promise(() => undefined)
    if (trouble === 'fails') return Promise.reject(new Error('no connection'))
    return work(...input)
  })
  return {
    ...clocked,
    store,
    /** The operations in their order, with their input. */
    calls,
    /** The names of the operations. */
    asked: (): readonly Operation[] => calls.map(([name]) => name),
    fail: (): void => void (trouble = 'fails'),
    silence: (): void => void (trouble = 'silent'),
    heal: (): void => void (trouble = 'none'),
  }
}

/** A store that answers like another, but a turn of the event loop later. */
export function remote(store: ReplayStore): ReplayStore {
  return altered(store, (_name, work) => async (...input: never[]) => {
    await new Promise(setImmediate)
    return work(...input)
  })
}
