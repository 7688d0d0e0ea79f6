import { ConfigError, isRejection, type ConfigReason } from '@countersign/core'

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

/** What `work` throws; fails where it does not. */
export function thrown(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

/** What a promise rejects with; fails where it does not. */
export async function refusal(work: PromiseLike<unknown>): Promise<unknown> {
  return work.then(
    () => {
      throw new Error('nothing was refused')
    },
    (error: unknown) => error,
  )
}

/** @returns the message */
export function expectMisconfigured(work: () => unknown, reason: ConfigReason): string {
  const error = thrown(work)
  expect(error).toBeInstanceOf(ConfigError)
  expect(error).toMatchObject({ code: 'misconfigured', reason, status: 500 })
  return (error as ConfigError).message
}
