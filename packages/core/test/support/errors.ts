import { ConfigError, isRejection, type ConfigReason, type RejectionCode } from '@countersign/core'

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

export function expectRejection(error: unknown, code: RejectionCode): void {
  expect(isRejection(error)).toBe(true)
  expect(error).toMatchObject({ code })
}
