import type { RequestListener } from 'node:http'
import type { RequestHandler } from 'express'

/**
 * The headers of a page. A browser refuses to load or run what they do not list.
 * @param allowed the sources of a directive, where it has others than here
 */
export function pageHeaders(
  allowed: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const policy = {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self'",
    'connect-src': "'self'",
    'frame-src': "'none'",
    'frame-ancestors': "'none'",
    'form-action': "'self'",
    'base-uri': "'none'",
    ...allowed,
  }
  return {
    'Content-Security-Policy': Object.entries(policy)
      .map((directive) => directive.join(' '))
      .join('; '),
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  }
}

/**
 * Redirects a visitor who typed another name of this machine. To a browser `localhost` and
 * `127.0.0.1` are two sites; the app is on one and the portal on the other, as in reality.
 * @param publicOrigin of a site behind a proxy, which may not pass on the name that the browser used
 */
export function oneAddress(
  site: RequestListener,
  origin: string,
  publicOrigin: string | undefined,
): RequestListener {
  if (publicOrigin) return site
  const { host } = new URL(origin)
  return (req, res) => {
    if (req.headers.host === host || req.method !== 'GET') return site(req, res)
    res.writeHead(307, { Location: `${origin}${req.url}` }).end()
  }
}

/** Refuses a form that a page of another origin sent: the visitor's cookie would come with it. */
export function ownPagesOnly(origin: string): RequestHandler {
  return (req, res, next) => {
    if (['GET', 'HEAD', 'OPTIONS'].includes(req.method)) return next()
    const site = req.headers['sec-fetch-site']
    const from = req.headers.origin
    const own = site === undefined ? from === undefined || from === origin : site === 'same-origin'
    if (own) return next()
    res.status(403).type('text').send('This form can only be sent by a page of this site.\n')
  }
}
