import { existsSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { postgresReplayStore } from '@countersign/store-postgres'
import { createApp } from './app/site'
import { oneAddress } from './browser-safety'
import { openDatabase } from './data/database'
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

/**
 * Starts both sites. The ports come first: each site must know where the other is, and a port that
 * is taken is reported before anything else happens.
 * @param print receives lines for the terminal: a longer wait, and each refused request
 * @throws Error with one clear line for a taken port or a database that does not open
 */
export async function startDemo(
  settings: Settings,
  print: (line: string) => void = console.log,
): Promise<Demo> {
  const { app, portal, databaseUrl, dataFolder, secrets: given } = settings
  const closers: (() => Promise<void>)[] = []
  const stop = async (): Promise<void> => {
    for (const closeNext of closers.splice(0)) await closeNext()
  }
  try {
    const [appServer, portalServer] = [createServer(starting), createServer(starting)]
    closers.push(() => close(appServer))
    closers.push(() => close(portalServer))
    // two names of this machine, so that a browser takes them for two sites
    const appOrigin = await open(appServer, app, 'localhost', 'APP_PORT')
    const portalOrigin = await open(portalServer, portal, '127.0.0.1', 'PORTAL_PORT')
    if (!databaseUrl && !existsSync(dataFolder)) print(FIRST_TIME)
    const { query, close: closeDatabase } = await openDatabase(settings)
    closers.push(closeDatabase)
    const secrets = completeSecrets(given, dataFolder)
    const replayStore = postgresReplayStore({ query }) // a restart does not make used links new
    const [portals, log] = [createPortals(secrets, portalOrigin), createRequestLog(print)]
    const shared = { portals, secrets, appOrigin, portalOrigin, replayStore, log }
    const portalSite = createPortalSite(shared, query)
    answer(appServer, oneAddress(createApp(shared), appOrigin, app.publicOrigin))
    answer(portalServer, oneAddress(portalSite, portalOrigin, portal.publicOrigin))
    return { appOrigin, portalOrigin, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const FIRST_TIME = '\n  Making the database. This takes a few seconds, the first time only.'

/** @returns where browsers reach it */
async function open(
  server: Server,
  { port, publicOrigin }: SiteSettings,
  host: string,
  variable: string,
): Promise<string> {
  const listensOn = await listen(server, port, variable)
  return publicOrigin ?? `http://${host}:${listensOn}`
}

function answer(server: Server, site: RequestListener): void {
  server.off('request', starting).on('request', site)
}

/** For requests that arrive before the database is open. */
const starting: RequestListener = (_req, res) => {
  res.writeHead(503, { 'Content-Type': 'text/plain', 'Retry-After': '1' })
  res.end('The demo is starting. Please try again in a moment.\n')
}
