import { createServer, type RequestListener, type Server } from 'node:http'
import { createApp } from './app/site'
import { openDatabase } from './data/database'
import { close, listen } from './listen'
import { createPortalSite } from './portal/site'
import { createPortals } from './portals'
import type { Settings } from './settings'

/** Both sites, running. */
export interface Demo {
  readonly appOrigin: string
  readonly portalOrigin: string
  stop(): Promise<void>
}

/**
 * Starts both sites. The ports come first: each site must know where the other is, and a taken
 * port should be told at once.
 * @throws Error with one clear line for a taken port or a database that does not open
 */
export async function startDemo(settings: Settings): Promise<Demo> {
  const closers: (() => Promise<void>)[] = []
  const stop = async (): Promise<void> => {
    for (const closeNext of closers.splice(0)) await closeNext()
  }
  async function open(port: number, variable: string): Promise<Opened> {
    const server = createServer(starting)
    const origin = await listen(server, { port, variable })
    closers.push(() => close(server))
    return { server, origin }
  }

  try {
    const app = await open(settings.appPort, 'APP_PORT')
    const portal = await open(settings.portalPort, 'PORTAL_PORT')
    const { query, close: closeDatabase } = await openDatabase(settings)
    closers.push(closeDatabase)
    const { appSession, portalSession } = settings.secrets
    const portals = createPortals(settings.secrets, portal.origin)
    const origins = { appOrigin: app.origin, portalOrigin: portal.origin }
    serve(app, createApp({ portals, ...origins, sessionSecret: appSession }))
    serve(portal, createPortalSite({ portals, ...origins, query, sessionSecret: portalSession }))
    return { ...origins, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

interface Opened {
  readonly server: Server
  readonly origin: string
}

function serve({ server }: Opened, site: RequestListener): void {
  server.off('request', starting).on('request', site)
}

/** For whoever is there before the database is. */
const starting: RequestListener = (_req, res) => {
  res.writeHead(503, { 'Content-Type': 'text/plain', 'Retry-After': '1' })
  res.end('Starting. Please try again in a moment.\n')
}
