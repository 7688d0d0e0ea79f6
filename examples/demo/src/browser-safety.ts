import type { RequestHandler } from 'express'

export interface PageRules {
  /** Origins of the pages that may show this one in a frame. */
  readonly framedBy?: readonly string[]
  /** Origins that this page may show in a frame. */
  readonly frames?: readonly string[]
  /** Other origins that this page's forms may be sent to. */
  readonly formsTo?: readonly string[]
  /** Other origins that this page's pictures may come from. */
  readonly pictures?: readonly string[]
}

/** The headers of a page. A browser refuses to load or run what they do not list. */
export function pageHeaders(rules: PageRules = {}): Readonly<Record<string, string>> {
  const { framedBy = [], frames = [], formsTo = [], pictures = [] } = rules
  const policy = {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'"],
    'img-src': ["'self'", ...pictures],
    'connect-src': ["'self'"],
    'frame-src': listed(frames),
    'frame-ancestors': listed(framedBy),
    'form-action': ["'self'", ...formsTo],
    'base-uri': ["'none'"],
  }
  return {
    'Content-Security-Policy': Object.entries(policy)
      .map(([name, sources]) => [name, ...sources].join(' '))
      .join('; '),
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  }
}

/**
 * Redirects a visitor who typed another name of this machine. To a browser `localhost` and
 * `127.0.0.1` are two sites; the app is on one and the portal on the other, as in reality.
 */
export function oneAddress(origin: string): RequestHandler {
  const { host } = new URL(origin)
  return (req, res, next) => {
    if (req.headers.host === host || req.method !== 'GET') return next()
    res.redirect(307, origin + req.originalUrl)
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

function listed(sources: readonly string[]): readonly string[] {
  return sources.length > 0 ? sources : ["'none'"]
}
