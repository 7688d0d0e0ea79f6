/** A value or a promise of one. Synchronous values are never awaited. */
export type Awaitable<Value> = Value | PromiseLike<Value>

/** Whether a value has to be awaited. */
export function isPromise<Value>(value: Awaitable<Value>): value is PromiseLike<Value> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  )
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
