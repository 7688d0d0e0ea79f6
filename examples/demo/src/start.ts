import { existsSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { postgresReplayStore } from '@countersign/store-postgres'
import { createApp } from './app/site'
import { openDatabase, type Query } from './data/database'
import { completeSecrets } from './data/kept-secrets'
import { close, listen } from './listen'
import { createPortalSite } from './portal/site'
import { createPortals } from './portals'
import { createRequestLog } from './request-log'
import type { Settings, SiteSettings } from './settings'

/** Both sites, running. */
export interface Demo {
  readonly appOrigin: string
  readonly portalOrigin: string
  stop(): Promise<void>
}

type Print = (line: string) => void

/**
 * Starts both sites. The ports come first: each site must know where the other is, and a port that
 * is taken is reported before anything else happens.
 * @param print receives lines for the terminal: a longer wait, and each refused request
 * @throws Error with one clear line for a taken port or a database that does not open
 */
export async function startDemo(settings: Settings, print: Print = console.log): Promise<Demo> {
  const closers: (() => Promise<void>)[] = []
  const stop = async (): Promise<void> => {
    for (const closeNext of closers.splice(0)) await closeNext()
  }
  try {
    // two names of this machine, so that a browser takes them for two sites
    const app = await open(settings.app, 'localhost', 'APP_PORT')
    closers.push(() => close(app.server))
    const portal = await open(settings.portal, '127.0.0.1', 'PORTAL_PORT')
    closers.push(() => close(portal.server))
    if (!settings.databaseUrl && !existsSync(settings.dataFolder)) print(FIRST_TIME)
    const { query, close: closeDatabase } = await openDatabase(settings)
    closers.push(closeDatabase)
    serve({ app, portal }, settings, query, print)
    return { appOrigin: app.origin, portalOrigin: portal.origin, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const FIRST_TIME = '\n  Making the database. This takes a few seconds, the first time only.'

interface Opened {
  readonly server: Server
  readonly origin: string
  /** Whether browsers reach it by the name of another machine. */
  readonly isPublic: boolean
}

async function open(
  { port, publicOrigin }: SiteSettings,
  host: string,
  variable: string,
): Promise<Opened> {
  const server = createServer(starting)
  const origin = `http://${host}:${await listen(server, { port, variable })}`
  return { server, origin: publicOrigin ?? origin, isPublic: publicOrigin !== undefined }
}

function serve(
  { app, portal }: { readonly app: Opened; readonly portal: Opened },
  settings: Settings,
  query: Query,
  print: Print,
): void {
  const secrets = completeSecrets(settings.secrets, settings.dataFolder)
  const shared = {
    portals: createPortals(secrets, portal.origin),
    appOrigin: app.origin,
    portalOrigin: portal.origin,
    secrets,
    // in the database: a restart does not make used links new
    replayStore: postgresReplayStore({ query }),
    log: createRequestLog(print),
  }
  answer(app.server, createApp({ ...shared, isPublic: app.isPublic }))
  answer(portal.server, createPortalSite({ ...shared, query, isPublic: portal.isPublic }))
}

function answer(server: Server, site: RequestListener): void {
  server.off('request', starting).on('request', site)
}

/** For requests that arrive before the database is open. */
const starting: RequestListener = (_req, res) => {
  res.writeHead(503, { 'Content-Type': 'text/plain', 'Retry-After': '1' })
  res.end('The demo is starting. Please try again in a moment.\n')
}
