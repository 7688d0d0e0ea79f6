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
  /** Headers, each in the spelling in which it was set. */
  readonly header?: Readonly<Record<string, unknown>>
  readonly _data?: unknown
  readonly _formData?: unknown
  /** The server that supertest has started for this request, and will stop after it. */
  readonly _server?: { close(): unknown }
  /** Set where supertest starts that server no sooner than the request is sent. */
  readonly _serverPath?: string
}

/** All of it is optional, and looked at only. */
export const inside = (pending: PendingRequest): Inside => pending as Inside

/** Does something just before the request goes out, however it is sent; a failure fails it. */
export function beforeSending(pending: PendingRequest, prepare: () => Promise<void>): void {
  const { end } = pending
  const own = pending as { end: typeof end; write?: unknown; pipe?: unknown }
  own.end = (done) => {
    own.end = end // a redirect ends the request once more
    prepare()
      .catch((error: unknown) => {
        // what is never sent is never answered, and it is the answer that stops the server
        if (inside(pending)._serverPath === undefined) inside(pending)._server?.close()
        throw error
      })
      .then(() => void end.call(pending, done)) // it is awaited where the test awaits it
      .catch((error: unknown) => {
        if (!done) throw error // it ends the test as an unhandled rejection
        done(error, undefined as never) // there is no response
      })
    return pending
  }
  own.write = own.pipe = () => {
    throw mistake(
      'A request cannot be streamed and signed',
      'Send it with `await`, `then` or `end`',
    )
  }
}

/** The headers that the test has set, in the spelling in which it has set them. */
export function headersOf(pending: PendingRequest): readonly string[] {
  return Object.keys(inside(pending).header ?? {})
}
