/**
 * A value or a promise of one. Synchronous values are never awaited. `Promise` is named beside
 * `PromiseLike` for the sake of TypeScript's errors: they compare its value, not its `then`.
 */
export type Awaitable<Value> = Value | Promise<Value> | PromiseLike<Value>

/** Whether a value has to be awaited. An object that throws when it is asked for `then` is no promise. */
export function isPromise<Value>(value: Awaitable<Value>): value is PromiseLike<Value> {
  try {
    return typeof (value as PromiseLike<Value> | null | undefined)?.then === 'function' // or any other value
  } catch {
    return false
  }
}

/** Rejects with `late()` when `work` has not settled after `ms` milliseconds. */
export function withDeadline<Value>(
  work: PromiseLike<Value>,
  ms: number,
  late: () => Error,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), ms)
    const settled = Promise.resolve(work).finally(() => clearTimeout(timer))
    settled.then(resolve, reject)
  })
}

/** A timer that keeps no process alive. In some Workers a timer is a number. */
export function callLater(call: () => void, ms: number): ReturnType<typeof setTimeout> {
  const timer = setTimeout(call, ms)
  if (typeof timer === 'object') timer.unref()
  return timer
}
