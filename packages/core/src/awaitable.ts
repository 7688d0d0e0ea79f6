/** A value that may be there already: nothing is awaited where nothing has to be. */
export type Awaitable<Value> = Value | PromiseLike<Value>

export function isPromise<Value>(value: Awaitable<Value>): value is PromiseLike<Value> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  )
}

/** Goes on at once when the value is there, and when it arrives otherwise. */
export function whenReady<Value, Next>(
  value: Awaitable<Value>,
  next: (value: Value) => Awaitable<Next>,
): Awaitable<Next> {
  return isPromise(value) ? value.then(next) : next(value)
}

/**
 * Runs `work` and turns whatever goes wrong in it, at once or later, into a value.
 * The one place where errors of a pipeline become answers.
 */
export function recover<Value, Other>(
  work: () => Awaitable<Value>,
  onError: (error: unknown) => Other,
): Awaitable<Value | Other> {
  try {
    const value = work()
    return isPromise(value) ? Promise.resolve(value).catch(onError) : value
  } catch (error) {
    return onError(error)
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
    work.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (error: unknown) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}
