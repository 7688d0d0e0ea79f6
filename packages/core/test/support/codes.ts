import { ConfigError, isRejection } from '@countersign/core'

/** What `work` returns, or the code of the rejection or the reason of the ConfigError that it throws. */
export function resultOf<Result>(work: () => Result): Result | string {
  try {
    return work()
  } catch (error) {
    return codeOf(error)
  }
}

/** The code of a rejection, or the reason of a ConfigError; throws any other error again. */
export function codeOf(error: unknown): string {
  if (isRejection(error)) return error.code
  if (error instanceof ConfigError) return error.reason
  throw error
}
