import { ConfigError } from './config-error'
import { Rejection } from './rejection'
import type { RequestView } from './request'

/** Other origins that may call, as `https://app.example.com`. */
export type AllowedOrigins = readonly string[]

/** @throws ConfigError unless each is an exact origin: no path, no wildcard */
export function assertOrigins(origins: AllowedOrigins): void {
  const isOrigin = (origin: unknown): boolean =>
    typeof origin === 'string' && URL.canParse(origin) && new URL(origin).origin === origin
  if (Array.isArray(origins) && origins.every(isOrigin)) return
  throw new ConfigError('option_invalid', {
    problem: 'The option "allowedOrigins" is not a list of exact origins',
    fix: 'Write each as scheme, host and port, as in "https://app.example.com"',
  })
}

/**
 * Lets in what a page of the application's own origin sends, what an allowed origin sends, and
 * what is no browser. `Sec-Fetch-Site` decides where it is sent, `Origin` where it is not.
 * @throws Rejection `csrf_rejected`
 */
export function refuseCrossSite(request: RequestView, allowed: AllowedOrigins): void {
  const origin = request.headers('origin').join()
  if (origin !== '' && allowed.includes(origin)) return
  const site = request.headers('sec-fetch-site').join()
  if (site === 'same-origin' || (site === 'none' && request.method !== 'POST')) return
  if (site !== '') throw new Rejection('csrf_rejected', 'sent by another site')
  if (origin !== '' && !(allowed.length === 0 && isOwn(origin, request))) {
    throw new Rejection('csrf_rejected', 'the origin is not one of ours')
  }
  if (isPlainText(request)) {
    throw new Rejection('csrf_rejected', 'text/plain can be posted from anywhere')
  }
}

/** What a browser needs to read before it shows the answer to an allowed origin (Fetch, CORS protocol). */
export function corsHeaders(
  request: RequestView,
  allowed: AllowedOrigins,
): Readonly<Record<string, string>> {
  if (allowed.length === 0) return {}
  const origin = request.headers('origin').join()
  if (!allowed.includes(origin)) return { vary: 'Origin' }
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
  }
}

/** Without a list, an origin is ours when it names the host that was called. */
function isOwn(origin: string, request: RequestView): boolean {
  const host = request.headers('host').join() || request.headers(':authority').join()
  return host !== '' && URL.canParse(origin) && new URL(origin).host === host.toLowerCase()
}

function isPlainText(request: RequestView): boolean {
  return /^\s*text\/plain/i.test(request.headers('content-type').join())
}
