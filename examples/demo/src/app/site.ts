import { join } from 'node:path'
import { signEndpoint } from '@countersign/express'
import express, { type Express, type Request, type Router } from 'express'
import { oneAddress, ownPagesOnly, pageHeaders } from '../browser-safety'
import { toText } from '../html'
import type { Portals } from '../portals'
import { createSession, type Session } from '../session'
import { homePage } from './page'
import { sampleUsers, type SampleUser } from './users'

export interface AppOptions {
  readonly portals: Portals
  /** Where people reach this site. */
  readonly appOrigin: string
  readonly portalOrigin: string
  readonly sessionSecret: string
}

type AppSession = Session<{ readonly user: string }>
type WhoIsSignedIn = (req: Request) => SampleUser | null

const EIGHT_DAYS = 8 * 86_400_000

/** The app: it knows who is signed in, and signs that for the portals. */
export function createApp(options: AppOptions): Express {
  const { portals, appOrigin, portalOrigin, sessionSecret } = options
  const users = sampleUsers(appOrigin)
  const session: AppSession = createSession({
    name: 'lantern_app',
    secret: sessionSecret,
    lifetime: 8 * 3600,
  })
  const whoIsSignedIn: WhoIsSignedIn = (req) => {
    const id = session.read(req)?.user
    return users.find((user) => user.id === id) ?? null
  }
  const headers = pageHeaders({ frames: [portalOrigin], calls: [portalOrigin] })

  const app = express().disable('x-powered-by')
  app.use('/assets', express.static(join(__dirname, '..', '..', 'public')))
  app.use(oneAddress(appOrigin))
  app.use('/sign', signRoutes(portals, whoIsSignedIn, Date.now))
  // the same endpoints as they answered eight days ago, to see what becomes of an old link
  app.use(
    '/sign-long-ago',
    signRoutes(portals, whoIsSignedIn, () => Date.now() - EIGHT_DAYS),
  )
  app.post('/session', ownPagesOnly(appOrigin), express.urlencoded(), switchUser(session, users))
  app.get('/', (req, res) => {
    const page = homePage({ user: whoIsSignedIn(req), users, portalOrigin })
    res.set(headers).type('html').send(toText(page))
  })
  return app
}

/** What an application adds to its backend: one line for each portal. */
function signRoutes(portals: Portals, user: WhoIsSignedIn, now: () => number): Router {
  return express
    .Router()
    .use('/featkit', signEndpoint(portals.featkit, { user, now }))
    .use('/seggwat-hmac', signEndpoint(portals.seggwatHmac, { user, now, embed: true }))
    .use('/seggwat-jwt', signEndpoint(portals.seggwatJwt, { user, now, embed: true }))
    .use('/harlyy', signEndpoint(portals.harlyy, { user, now }))
    .use('/fdback', signEndpoint(portals.fdback, { user, now }))
}

function switchUser(session: AppSession, users: readonly SampleUser[]): express.RequestHandler {
  return (req, res) => {
    const wanted: unknown = req.body?.user
    const user = users.find(({ id }) => id === wanted)
    if (user) session.start(res, { user: user.id })
    else session.end(res)
    res.redirect(303, '/')
  }
}
