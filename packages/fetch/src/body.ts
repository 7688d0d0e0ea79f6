import { ConfigError, Rejection, withDeadline, type Awaitable } from '@countersign/core'

/** What a framework keeps of a body that was read with its own methods. */
export type Kept = Awaitable<ArrayBuffer | string>

/**
 * The exact bytes of the body. Reads a copy, so that the handler finds the body unread.
 * @param limit bytes
 * @throws ConfigError `raw_body_unavailable` where the body was read before, and nothing keeps it
 */
export async function takeBody(
  request: Request,
  kept: Kept | undefined,
  limit: number,
): Promise<Uint8Array> {
  if (request.bodyUsed || request.body?.locked) return keptBytes(kept)
  if (Number(request.headers.get('content-length')) > limit) throw tooLarge()
  const reader = request.clone().body?.getReader()
  if (!reader) return new Uint8Array()
  const late = (): Error => new Rejection('body_timeout')
  return withDeadline(readAll(reader, limit), BODY_DEADLINE, late).finally(() => {
    reader.cancel().catch(() => undefined) // fails where the client has gone
  })
}

async function keptBytes(kept: Kept | undefined): Promise<Uint8Array> {
  if (kept === undefined) throw bodyUsed()
  const body = await kept
  return typeof body === 'string' ? Buffer.from(body) : new Uint8Array(body)
}

/** How long a body may take to arrive, in milliseconds. */
const BODY_DEADLINE = 10_000

async function readAll(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  limit: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for (let next = await read(reader); !next.done; next = await read(reader)) {
    size += next.value.length
    if (size > limit) throw tooLarge()
    chunks.push(next.value)
  }
  return Buffer.concat(chunks)
}

async function read<Piece>(reader: ReadableStreamDefaultReader<Piece>) {
  try {
    return await reader.read()
  } catch {
    throw new Rejection('token_malformed', 'the client went away')
  }
}

function tooLarge(): Rejection {
  return new Rejection('body_too_large')
}

function bodyUsed(): ConfigError {
  return new ConfigError('raw_body_unavailable', {
    problem: 'The body of the request was read before the guard',
    fix: 'Let the guard run first, or read a copy: `await request.clone().json()` (in Hono, read it with a method of `c.req`, such as `c.req.json()`)',
  })
}
