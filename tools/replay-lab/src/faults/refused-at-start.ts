import { ConfigError } from '@countersign/core'
import type { Outcome } from '../outcome'

/** An app that checks its store as it starts, and does not start with this one. */
export async function refusedAtStart(check: () => Promise<unknown>): Promise<Outcome> {
  const began = performance.now()
  const reason = await check().then(
    () => 'started',
    (error: unknown) => (error instanceof ConfigError ? error.reason : String(error)),
  )
  return {
    requests: 0,
    all: {},
    during: { [reason]: 1 },
    replays: 0,
    slowest: 0,
    limit: performance.now() - began,
    recovered: true,
    unhandled: 0,
  }
}
