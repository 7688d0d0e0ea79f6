import type { Awaitable } from './awaitable'

/** What the core reads of a request. Everything is lazy: what a scheme does not need is never read. */
export interface RequestView<Native = unknown> {
  /** The method of the request line, never of an override header. */
  readonly method: string
  /** Path and query as the client sent them, before any router rewrote them. */
  readonly target: string
  /** The host that the client called, where the framework trusts a proxy to name it. @default the `Host` header */
  readonly host?: string | undefined
  /** Every value of a header, in order, by its lower-case name. A repeated header has several. */
  headers(name: string): readonly string[]
  /**
   * The exact bytes of the body. Called only for a scheme that signs them.
   * @param limit bytes; a longer body is refused with `body_too_large`
   */
  body(limit: number): Awaitable<Uint8Array>
  /** What a parser made of the body, if one has run. Only the names of its members are read. */
  readonly parsedBody?: unknown
  /** The framework's own request, for the application's callbacks. */
  readonly native: Native
}

/** A whole response. Header names are in lower case. */
export interface ResponseData {
  readonly status: number
  /** A list is sent as several headers. */
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly body: string
}

/** An HTTP handler without a framework. */
export type Endpoint<Native = unknown> = (request: RequestView<Native>) => Awaitable<ResponseData>
