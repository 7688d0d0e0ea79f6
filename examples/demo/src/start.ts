import { createServer, type RequestListener, type Server } from 'node:http'
import { createApp } from './app/site'
import { openDatabase } from './data/database'
import { completeSecrets } from './data/kept-secrets'
import { close, listen } from './listen'
import { createPortalSite } from './portal/site'
import { createPortals } from './portals'
import { createRequestLog } from './request-log'
import type { Settings, SiteSettings } from './settings'
import { postgresReplayStore } from '@countersign/store-postgres'

/** Both sites, running. */
export interface Demo {
  readonly appOrigin: string
  readonly portalOrigin: string
  stop(): Promise<void>
}

/**
 * Starts both sites. The ports come first: each site must know where the other is, and a port that
 * is taken is reported before anything else happens.
 * @param print receives a line for each refused request
 * @throws Error with one clear line for a taken port or a database that does not open
 */
export async function startDemo(
  settings: Settings,
  print: (line: string) => void = console.log,
): Promise<Demo> {
  const closers: (() => Promise<void>)[] = []
  const stop = async (): Promise<void> => {
    for (const closeNext of closers.splice(0)) await closeNext()
  }
  async function open(site: SiteSettings, host: string, variable: string): Promise<Opened> {
    const server = createServer(starting)
    const port = await listen(server, { port: site.port, variable })
    closers.push(() => close(server))
    return { server, origin: site.publicOrigin ?? `http://${host}:${port}` }
  }

  try {
    // two names of this machine, so that a browser takes them for two sites
    const app = await open(settings.app, 'localhost', 'APP_PORT')
    const portal = await open(settings.portal, '127.0.0.1', 'PORTAL_PORT')
    const { query, close: closeDatabase } = await openDatabase(settings)
    closers.push(closeDatabase)
    const secrets = completeSecrets(settings.secrets, settings.dataFolder)
    const shared = {
      portals: createPortals(secrets, portal.origin),
      appOrigin: app.origin,
      portalOrigin: portal.origin,
      // in the database: a restart does not make used links new
      replayStore: postgresReplayStore({ query }),
      log: createRequestLog(print),
    }
    const isPublic = (site: SiteSettings): boolean => site.publicOrigin !== undefined
    serve(app, createApp({ ...shared, secrets, isPublic: isPublic(settings.app) }))
    serve(
      portal,
      createPortalSite({ ...shared, secrets, query, isPublic: isPublic(settings.portal) }),
    )
    return { appOrigin: app.origin, portalOrigin: portal.origin, stop }
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

/** For requests that arrive before the database is open. */
const starting: RequestListener = (_req, res) => {
  res.writeHead(503, { 'Content-Type': 'text/plain', 'Retry-After': '1' })
  res.end('The demo is starting. Please try again in a moment.\n')
}
