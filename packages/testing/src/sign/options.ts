import type { Awaitable } from '@countersign/core'
import type { WireHeader, WireRequest } from '../minted'

/** Whoever the session of the cases is: as much of it as is known. */
export interface Person {
  readonly id?: string | number | bigint | null | undefined
  readonly email?: string | null | undefined
  readonly name?: string | null | undefined
}

export interface SignEndpointCaseOptions {
  /**
   * Makes a request one of somebody who is signed in to the app: the headers that do it, such as
   * `{ cookie: 'session=…' }`, or a function that adds them.
   */
  readonly asUser:
    Readonly<Record<string, string>> | ((request: WireRequest) => Awaitable<WireRequest>)
  /**
   * Who that is, as the endpoint’s own `user` says it.
   * @default whoever the first credential names
   */
  readonly user?: Person | undefined
  /** @default POST */
  readonly method?: string | undefined
  /** What the endpoint answers with: what `signEndpoint` was given. @default 'json' */
  readonly respond?: 'json' | 'redirect' | undefined
  /** What `signEndpoint` was given. @default none */
  readonly allowedOrigins?: readonly string[] | undefined
  /** What each request needs besides: a `Host`, an API key. */
  readonly headers?: Readonly<Record<string, string>> | readonly WireHeader[] | undefined
  /** The portal’s secret, or several: looked for in every answer. A portal keeps its own to itself. */
  readonly secret?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined
  /** Whom credentials are for, where the guard’s `tenant` says it. */
  readonly tenant?: string | undefined
  /** Refusals are problem documents with a code. @default true */
  readonly codes?: boolean | undefined
  /** The clock that the endpoint goes by, in milliseconds. @default Date.now */
  readonly now?: (() => number) | undefined
  /** How long the app may take for each answer, in milliseconds. @default 4000 */
  readonly deadline?: number | undefined
}
