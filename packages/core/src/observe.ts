import { isPromise } from './awaitable'
import type { ConfigError, ConfigReason } from './config-error'
import { warn } from './warn'

/** A mistake that only a request shows is answered with a bare 500; this is where its text goes. Once each. */
export function mistakeReporter(): (error: ConfigError) => void {
  const told = new Set<ConfigReason>()
  return (error) => {
    if (told.has(error.reason)) return
    told.add(error.reason)
    warn('COUNTERSIGN_MISCONFIGURED', error.message)
  }
}

/** Runs an observer so that nothing it does, now or later, reaches the request. */
export function watch(name: string, observer: () => unknown): void {
  const failed = (): void => warn('COUNTERSIGN_OBSERVER_FAILED', `the observer ${name} failed.`)
  try {
    const result = observer()
    if (isPromise(result)) result.then(undefined, failed)
  } catch {
    failed()
  }
}
