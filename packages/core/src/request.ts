import type { Awaitable } from './awaitable'

/**
 * What the core may ask of a request, and nothing more. Everything is a lazy function: what a
 * scheme does not need is never read.
 */
export interface RequestView<Native = unknown> {
  /** The method of the request line. Never an override header. */
  readonly method: string
  /** Path and query as the client sent them, before any router rewrote them. */
  readonly target: string
  /** Every value of a header, in order, by its lower-case name. Two values stay two. */
  headers(name: string): readonly string[]
  /**
   * The exact bytes of the body. Asked for only by a scheme that signs them.
   * @param limit bytes; a longer body is refused with `body_too_large`
   */
  body(limit: number): Awaitable<Uint8Array>
  /** The framework's own request, for the application's callbacks. */
  readonly native: Native
}

/** A whole answer. Header names are in lower case. */
export interface ResponseData {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A whole HTTP handler with no framework in it. */
export type Endpoint<Native = unknown> = (request: RequestView<Native>) => Awaitable<ResponseData>
