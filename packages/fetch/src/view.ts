import {
  ConfigError,
  Rejection,
  withDeadline,
  type Guard,
  type RequestView,
  type ResponseData,
} from '@countersign/core'

/** The core's view of a Fetch API request. */
export class FetchView<Native> implements RequestView<Native> {
  /** What the application's callbacks receive. */
  readonly native: Native
  private readonly request: Request

  constructor(request: Request, native: Native) {
    this.request = request
    this.native = native
  }

  get method(): string {
    return this.request.method
  }

  get target(): string {
    const { url } = this.request
    return url.slice(url.indexOf('/', url.indexOf('//') + 2))
  }

  get host(): string {
    return this.request.headers.get('host') ?? new URL(this.request.url).host
  }

  /** `Headers` joins the values of a repeated header with a comma and a space. */
  headers(name: string): string[] {
    return this.request.headers.get(name)?.split(', ') ?? []
  }

  /** Reads a copy, so that the handler finds the body unread. */
  async body(limit: number): Promise<Uint8Array> {
    if (this.request.bodyUsed || this.request.body?.locked) throw bodyUsed()
    if (Number(this.request.headers.get('content-length')) > limit) throw tooLarge()
    const reader = this.request.clone().body?.getReader()
    if (!reader) return new Uint8Array()
    const late = (): Error => new Rejection('body_timeout')
    return withDeadline(readAll(reader, limit), BODY_DEADLINE, late).finally(() => {
      reader.cancel().catch(() => undefined) // fails where the client has gone
    })
  }
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
    fix: 'Let the guard run first, or read a copy: `await request.clone().json()` (in Hono, mount the guard before anything that reads `c.req`)',
  })
}

/** @throws ConfigError for `stripCredential`, which a Request cannot do: its URL never changes */
export function assertNoStrips({ strips }: Pick<Guard, 'strips'>): void {
  if (strips.length === 0) return
  throw new ConfigError('option_invalid', {
    problem: 'A Request keeps its URL, so `stripCredential` has no effect here',
    fix: 'Leave it out, and pass URLs to `redactUrl` before you log them',
  })
}

/** The response of the core as a `Response`. */
export function toResponse({ status, headers, body }: ResponseData): Response {
  const all = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    for (const each of [value].flat()) all.append(name, each)
  }
  return new Response(body === '' ? null : body, { status, headers: all })
}
