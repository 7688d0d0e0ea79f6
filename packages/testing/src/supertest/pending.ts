import { mistake } from '../mistake'

/** A request that supertest has made and not sent. Nothing of supertest need be installed. */
export interface PendingRequest {
  set(field: string, value: string): unknown
  unset(field: string): unknown
  query(value: string): unknown
  send(body: object): unknown
  serialize(serializer: (body: unknown) => string): unknown
  end(done?: (error: unknown, response: object) => void): unknown
}

/** What supertest keeps for itself, in version 6 and in version 7. */
interface Inside {
  readonly url?: string
  /** Headers, each in the spelling in which it was set. */
  readonly header?: Readonly<Record<string, unknown>>
  /** Query text, and members of a query that are no text yet. */
  readonly _query?: readonly string[]
  readonly qs?: object
  readonly _data?: unknown
  readonly _formData?: unknown
  /** The server that supertest has started for this request, and will stop after it. */
  readonly _server?: { close(): unknown }
  /** Set where supertest starts that server no sooner than the request is sent. */
  readonly _serverPath?: string
}

function inside(pending: PendingRequest): Inside {
  return pending as Inside // all of it is optional, and looked at only
}

/**
 * Does something just before the request goes out, however it is sent: `await`, `then`, `end`, or
 * the callback of an `expect`. What goes wrong is told as any other failure of the request.
 */
export function beforeSending(pending: PendingRequest, prepare: () => Promise<void>): void {
  type Send = PendingRequest['end']
  const { end } = pending
  const own = pending as { end: Send }
  own.end = (done) => {
    own.end = end // a redirect ends the request once more
    prepare().then(
      () => {
        try {
          end.call(pending, done)
        } catch (error) {
          tell(done, error)
        }
      },
      (error: unknown) => {
        stopServer(pending)
        tell(done, error)
      },
    )
    return pending
  }
  const streams = pending as { write?: unknown; pipe?: unknown }
  streams.write = streams.pipe = () => {
    throw mistake(
      'A request cannot be streamed and signed',
      'Send it with `await`, `then` or `end`',
    )
  }
}

/** What is never sent is never answered, and it is the answer that stops the server. */
function stopServer(pending: PendingRequest): void {
  const { _server, _serverPath } = inside(pending)
  if (_serverPath === undefined) _server?.close()
}

/** Without anyone to tell, the failure ends the test as an unhandled rejection. */
function tell(done: Parameters<PendingRequest['end']>[0], error: unknown): void {
  if (!done) throw error
  done(error, undefined as never) // there is no response
}

/** True where the test has given the request a body. */
export function hasBody(pending: PendingRequest): boolean {
  const { _data, _formData } = inside(pending)
  return (_data !== undefined && _data !== null) || Boolean(_formData)
}

/** The headers that the test has set, in the spelling in which it has set them. */
export function headersOf(pending: PendingRequest): readonly string[] {
  return Object.keys(inside(pending).header ?? {})
}

/** The names of the query parameters that the test has set. */
export function parametersOf(pending: PendingRequest): readonly string[] {
  const { url = '', _query = [], qs = {} } = inside(pending)
  const start = url.indexOf('?')
  const texts = [...(start === -1 ? [] : [url.slice(start + 1)]), ..._query]
  return [...Object.keys(qs), ...texts.flatMap((text) => [...new URLSearchParams(text).keys()])]
}
