import type { WireHeader } from '../minting/request'
import { mistake } from '../mistake'

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

/**
 * @param owner the function whose options these are
 * @throws ConfigError for an option that the function does not have, a route that is no path, or a
 *   portal that is none
 */
export function assertOptions(
  owner: string,
  { portal, route, ...options }: { readonly portal: unknown; readonly route: unknown },
  known: readonly string[],
): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw mistake(`${owner} has no option "${unknown}"`, `Its options are ${known.join(', ')}`)
  }
  if (typeof portal !== 'object' || portal === null || !('scheme' in portal)) {
    throw mistake(
      `${owner} needs the portal that the app was made with`,
      'Pass `portal`, such as seggwat({ projectKey, secret }). In tests its secret can be testSecret(): set the environment variable that your app reads to it',
    )
  }
  if (typeof route !== 'string' || !route.startsWith('/')) {
    throw mistake(`The route of ${owner} is not a path`, 'Pass a path such as "/p/acme"')
  }
}
