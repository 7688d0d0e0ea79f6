import type { WireHeader } from '../minting/request'
import type { CaseResponse } from './response'

/** What the cases of a guarded route and of a sign endpoint must know about an app. */
export interface AppCaseOptions {
  /** @default POST, but GET for a route whose credentials are valid again and have no body */
  readonly method?: string | undefined
  /** What each request needs as well: a `Host`, an API key, a CSRF token. */
  readonly headers?: HeadersGiven | undefined
  /** The tenant of the credentials, where the portal was made without that id. */
  readonly tenant?: string | undefined
  /**
   * Whether refusals are our problem documents; else they have the status 400, 401 or 403.
   * @default true unless `rejections` is `forward`
   */
  readonly codes?: boolean | undefined
  /** Whether an answer to a request of no user is a refusal too. @default none but our own */
  readonly acceptRefusal?: ((response: CaseResponse) => boolean) | undefined
  /** The clock of the app, in milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined
  /** How long the app may take for each answer, in milliseconds. @default 4000 */
  readonly deadline?: number | undefined
}

/** Headers by name, as `fetch` takes them, or as pairs in the order in which they are sent. */
export type HeadersGiven =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | Iterable<readonly [string, string]>

export function headerList(headers: HeadersGiven = {}): readonly WireHeader[] {
  if (Symbol.iterator in headers) return [...(headers as Iterable<WireHeader>)] // pairs, as Headers are
  return Object.entries(headers).flatMap(([name, values]) =>
    [values ?? []].flat().map((value): WireHeader => [name, String(value)]),
  )
}

export function bodyBytes(body: unknown): Uint8Array | undefined {
  if (body === undefined || body instanceof Uint8Array) return body
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body), 'utf8')
}

/** What the cases of an app cannot do without. */
export const REQUIRED = {
  portal: {
    wanted:
      'the portal that the app was made with, such as seggwat({ projectKey, secret }). In tests its secret can be testSecret(): set the environment variable that your app reads to it',
    read: (given: unknown) => ('scheme' in Object(given) ? given : undefined),
  },
  route: {
    wanted: 'a path such as "/p/acme"',
    read: (given: unknown) => (String(given).startsWith('/') ? given : undefined),
  },
}
