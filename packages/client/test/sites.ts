import type { IncomingMessage, ServerResponse } from 'node:http'
import { serve, type Site } from '@countersign/browser-tests'
import { createSignEndpoint, createVerifier, type Portal } from '@countersign/core'
import { NodeView } from '@countersign/core/node'
import { fdback, seggwat, type FdbackInput, type SeggWatInput } from '@countersign/core/schemes'
import { script } from './script'

/** What a test changes about the two sites, and what it reads. */
export interface Sites {
  readonly app: Site
  readonly portal: Site
  user: { id: string; email: string } | null
  /** Awaited by the sign endpoint. */
  signing: Promise<unknown> | undefined
  /** Replaces the response of the sign endpoint. */
  reply: ((res: ServerResponse) => void) | undefined
  /** Calls of the sign endpoint. */
  signed: number
  /** Requests that the portal has received, with their `Referer`. */
  readonly visits: { readonly url: string; readonly referer: string | undefined }[]
}

type Listener = (req: IncomingMessage, res: ServerResponse) => unknown

const secret = 'browser-test-secret-0123456789-abcdef'

/** Starts an app on `localhost` and a portal on `127.0.0.1`: two sites to a browser. */
export async function startSites(): Promise<Sites> {
  const portal = await serve('127.0.0.1', (req, res) => portalSite(req, res))
  const embedded = seggwat({ projectKey: 'acme', secret, baseUrl: portal.origin })
  const posted = fdback({ workspaceId: 'acme', secret, baseUrl: portal.origin })
  const app = await serve('localhost', appSite())
  const sites: Sites = {
    ...{ app, portal, user: null, signing: undefined, reply: undefined, signed: 0, visits: [] },
  }
  return sites

  function appSite(): Listener {
    const user = async () => {
      sites.signed++
      await sites.signing
      return sites.user as (SeggWatInput & FdbackInput) | null // for both portals
    }
    const links = createSignEndpoint(embedded, { user })
    const requests = createSignEndpoint(posted, { user })
    const sibling = { ...posted, baseUrl: portal.origin.replace('127.0.0.1', 'localhost') }
    const atSibling = createSignEndpoint(sibling, { user })
    const endpoints = {
      '/fdback': requests,
      '/same-site': atSibling,
      '/open': createSignEndpoint(embedded, { user, respond: 'redirect' }),
      '/fdback/open': createSignEndpoint(posted, { user, respond: 'redirect' }),
    } as const
    const code = script()
    return async (req, res) => {
      if (req.method === 'POST') {
        if (sites.reply) return sites.reply(res)
        const view = new NodeView(req, req as { body?: unknown }, req.url ?? '/', req)
        const endpoint = endpoints[req.url as keyof typeof endpoints] ?? links // or none of them
        const { status, headers, body } = await endpoint(view)
        return res.writeHead(status, headers).end(body)
      }
      if (req.url === '/countersign.js') return send(res, 'text/javascript', code)
      if (req.url === '/at-load.js') return send(res, 'text/javascript', AT_LOAD)
      if (req.url === '/coop') res.setHeader('cross-origin-opener-policy', 'same-origin')
      res.setHeader(
        'content-security-policy',
        "script-src 'self'; require-trusted-types-for 'script'",
      )
      return send(res, 'text/html', req.url === '/at-load' ? AT_LOAD_PAGE : PAGE)
    }
  }

  async function portalSite(req: IncomingMessage, res: ServerResponse): Promise<unknown> {
    const url = req.url ?? ''
    sites.visits.push({ url, referer: req.headers.referer })
    if (url === '/silent') return undefined
    if (url === '/echo') return req.pipe(res)
    cors(req, res)
    if (!url.startsWith('/api/')) return send(res, 'text/html', BOARD(req.headers.cookie ?? ''))
    if (req.method === 'OPTIONS') return res.writeHead(204).end()
    return login(posted, req, res)
  }
}

const form = (action: string): string =>
  `<form method="post" action="${action}" target="_blank" rel="noopener"><button>${action}</button></form>`
const PAGE = `<!doctype html><title>App</title><script src="/countersign.js"></script><main></main>
${form('/open')}${form('/fdback/open')}`
const AT_LOAD_PAGE = `${PAGE}<script src="/at-load.js"></script>`
const AT_LOAD = "countersign.openPortal('/sign').catch(({ code }) => (document.title = code))"
/** Tells what it knows, can be typed into, says that it has expired, and leads out of a frame. */
const BOARD = (cookie: string): string =>
  `<!doctype html><title>Portal</title><h1>${cookie}</h1><input autocomplete="off">
<button onclick="parent.postMessage('countersign:expired', '*')">Expire</button>
<a href="/out" target="_top">Out</a>`

function send(res: ServerResponse, type: string, body: string): void {
  res.setHeader('content-type', `${type}; charset=utf-8`)
  res.end(body)
}

function cors(req: IncomingMessage, res: ServerResponse): void {
  const { origin = '*', 'access-control-request-headers': asked = '' } = req.headers
  res.setHeader('access-control-allow-origin', origin)
  res.setHeader('access-control-allow-credentials', 'true')
  res.setHeader('access-control-allow-headers', asked)
}

async function login(portal: Portal, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const view = new NodeView(req, req as { body?: unknown }, req.url ?? '/', req)
  const result = await createVerifier(portal).verify(view)
  if (!result.ok) return void res.writeHead(401).end()
  res.setHeader('set-cookie', `session=${result.value.user.id}; SameSite=Lax; Path=/`)
  res.writeHead(303, { location: '/board' }).end()
}
