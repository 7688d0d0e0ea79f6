import type { Reservation } from '@countersign/core'
import { settleOnAnswer } from '@countersign/core/node'
import type { Context, Next } from 'koa'

/**
 * Lets the handlers behind a guard decide over a reservation: what they throw, or the status that
 * they leave. Where they leave a stream, or answer past Koa, the answer itself decides.
 */
export async function settled(ctx: Context, reservation: Reservation, next: Next): Promise<void> {
  const settle = settleOnAnswer(ctx.res, reservation)
  try {
    await next()
  } catch (error) {
    await settle(500)
    throw error
  }
  const isToCome = ctx.respond === false || (ctx.writable && isStream(ctx.body))
  if (!isToCome) await settle(ctx.status)
}

/** A stream of Node, or a web stream, blob or answer: read by Koa later, which may fail. */
function isStream(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false
  return 'pipe' in body || 'getReader' in body || 'arrayBuffer' in body
}
