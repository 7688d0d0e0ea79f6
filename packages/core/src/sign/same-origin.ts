import { Rejection } from '../rejection'
import type { RequestView } from '../request'

/**
 * Lets a call pass that a page of the application's own origin made, or of an allowed origin, or
 * that no browser made. `Sec-Fetch-Site` decides where it is sent, `Origin` where it is not.
 * @param mayNavigate whether a top-level navigation passes from anywhere: its response goes to the
 * visitor's own tab and to the portal only
 * @throws Rejection `csrf_rejected`
 */
export function refuseCrossSite(
  request: RequestView,
  allowed: readonly string[],
  mayNavigate: boolean,
): void {
  const origin = request.headers('origin').join()
  if (origin !== '' && allowed.includes(origin)) return
  const site = request.headers('sec-fetch-site').join()
  const isSafe = request.method === 'GET' || request.method === 'HEAD'
  if (site === 'same-origin' || (site === 'none' && isSafe)) return
  if (site !== '') {
    if (mayNavigate && isSafe && isTopLevelNavigation(request)) return
    throw new Rejection(
      'csrf_rejected',
      `the call comes from another site ("sec-fetch-site: ${named(site)}")`,
    )
  }
  if (origin !== '' && !(allowed.length === 0 && isOwn(origin, request))) {
    throw new Rejection('csrf_rejected', 'the call comes from an origin that is not allowed')
  }
  if (/^\s*text\/plain/i.test(request.headers('content-type').join())) {
    throw new Rejection('csrf_rejected', 'a text/plain form can be posted from any site')
  }
}

/** Quotes nothing that the client made up. */
function named(site: string): string {
  return ['cross-site', 'same-site', 'none'].includes(site) ? site : '…'
}

function isTopLevelNavigation(request: RequestView): boolean {
  return (
    request.headers('sec-fetch-mode').join() === 'navigate' &&
    request.headers('sec-fetch-dest').join() === 'document'
  )
}

/** Without a list, an origin is the application's own when it names the host that was called. */
function isOwn(origin: string, request: RequestView): boolean {
  const host =
    request.host ?? (request.headers('host').join() || request.headers(':authority').join())
  if (host === '' || !URL.canParse(origin)) return false
  const { protocol, host: own } = new URL(origin)
  const called = `${protocol}//${host}`
  return own !== '' && URL.canParse(called) && new URL(called).host === own // default ports are left out
}

/**
 * The headers that let a page of an allowed origin read the response, or keep it from all other
 * origins (Fetch, CORS protocol and `Cross-Origin-Resource-Policy`).
 */
export function crossOriginHeaders(
  request: RequestView,
  allowed: readonly string[],
): Readonly<Record<string, string>> {
  if (allowed.length === 0) return { 'cross-origin-resource-policy': 'same-origin' }
  const origin = request.headers('origin').join()
  if (!allowed.includes(origin)) return { vary: 'Origin' }
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
  }
}
