import { join } from 'node:path'
import { signEndpoint, type ReplayStore } from '@countersign/express'
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Router,
} from 'express'
import { oneAddress, ownPagesOnly, pageHeaders } from '../browser-safety'
import { FOLDER } from '../folder'
import { formatOf, FORMATS } from '../formats'
import { toText } from '../html'
import { labRoutes } from '../lab/routes'
import type { Portals } from '../portals'
import type { RequestLog } from '../request-log'
import { createSession, type Session } from '../session'
import type { Secrets } from '../settings'
import { clientScript } from './client-script'
import { labPage, notFoundPage } from './page'
import { sampleUsers, type SampleUser } from './users'

export interface AppOptions {
  readonly portals: Portals
  /** Where browsers reach this site. */
  readonly appOrigin: string
  /** Whether that is another machine's name, which a proxy may not pass on. */
  readonly isPublic: boolean
  readonly portalOrigin: string
  readonly secrets: Secrets
  readonly replayStore: ReplayStore
  readonly log: RequestLog
}

const FIRST_VISIT = { user: 'ada' }

/** `null` for a visitor who has signed out. */
type AppSession = Session<{ readonly user: string | null }>
export type SignedInUser = (req: Request) => SampleUser | null

/** The app: it knows who is signed in, and signs that for the portals. */
export function createApp(options: AppOptions): Express {
  const { appOrigin, isPublic, portalOrigin, secrets, log } = options
  const users = sampleUsers(appOrigin)
  const session: AppSession = createSession({
    name: 'lantern_app',
    secret: secrets.appSession,
    lifetime: 8 * 3600,
    https: appOrigin.startsWith('https:'),
  })
  const signedIn: SignedInUser = (req) => {
    const id = session.read(req)?.user
    return users.find((user) => user.id === id) ?? null
  }

  const app = express().disable('x-powered-by')
  app.get('/assets/client.js', clientScript())
  app.use('/assets', express.static(join(FOLDER, 'public')))
  app.use('/docs', express.static(join(FOLDER, '..', '..', 'docs'), { setHeaders: asText }))
  if (!isPublic) app.use(oneAddress(appOrigin))
  app.use('/sign', log.record('app'), stillSignedIn(signedIn), signRoutes(options, signedIn))
  app.use(ownPagesOnly(appOrigin))
  app.use('/lab', labRoutes({ ...options, signedIn }))
  app.post('/session', express.urlencoded(), switchUser(session, users))
  app.use((_req, res, next) => {
    res.set(pageHeaders({ frames: [portalOrigin], formsTo: [portalOrigin] }))
    next()
  })
  app.use(pages(options, session, users))
  app.use((_req, res) => {
    res.status(404).type('html').send(toText(notFoundPage()))
  })
  app.use(unreadable)
  return app
}

/** A body that a parser has refused, or a mistake of ours: without the stack that Express would send. */
const unreadable: ErrorRequestHandler = (error: { readonly status?: number }, _req, res, _next) => {
  const { status = 500 } = error
  if (status >= 500) console.error(error)
  res.status(status).json({ title: 'The app could not answer', status })
}

/** What an application adds to its backend: one line for each portal. */
function signRoutes({ portals, log }: AppOptions, user: SignedInUser): Router {
  const options = { user, onRejected: log.refused }
  return express
    .Router()
    .post('/featkit', signEndpoint(portals.featkit, options))
    .post('/seggwat-hmac', signEndpoint(portals.seggwatHmac, { ...options, embed: true }))
    .post('/seggwat-jwt', signEndpoint(portals.seggwatJwt, { ...options, embed: true }))
    .post('/harlyy', signEndpoint(portals.harlyy, options))
    .post('/fdback', signEndpoint(portals.fdback, options))
}

/** A page for each format, with the user who is signed in. */
function pages(options: AppOptions, session: AppSession, users: readonly SampleUser[]): Router {
  const router = express.Router()
  for (const format of FORMATS) {
    const paths = [`/${format.id}`, ...(format.id === 'featkit' ? ['/'] : [])]
    router.get(paths, startSignedIn(session), (req, res) => {
      const id = (session.read(req) ?? FIRST_VISIT).user
      const user = users.find((each) => each.id === id) ?? null
      res.type('html').send(toText(labPage({ ...options, format, user, users })))
    })
  }
  return router
}

/** The first page that a visitor opens signs in a user, so that there is something to see. */
function startSignedIn(session: AppSession): RequestHandler {
  return (req, res, next) => {
    if (!session.read(req)) session.start(res, FIRST_VISIT)
    next()
  }
}

/** Refuses to sign for a page that was shown to another user than the one who is signed in now. */
function stillSignedIn(signedIn: SignedInUser): RequestHandler {
  return (req, res, next) => {
    const shownTo = req.get('x-shown-to')
    const user = signedIn(req)
    if (shownTo === undefined || shownTo === (user?.id ?? '')) return next()
    const title = user ? `You are now signed in as ${user.name}` : 'You are now signed out'
    res.status(409).json({ title, status: 409, code: 'other_user' })
  }
}

function switchUser(session: AppSession, users: readonly SampleUser[]): RequestHandler {
  return (req, res) => {
    const { user: wanted, format } = (req.body ?? {}) as Record<string, unknown> // any form
    const user = users.find(({ id }) => id === wanted)
    session.start(res, { user: user?.id ?? null })
    res.redirect(303, `/${formatOf(format)?.id ?? ''}`)
  }
}

/** A browser shows text, and downloads Markdown. */
function asText(res: { setHeader(name: string, value: string): void }, path: string): void {
  if (path.endsWith('.md')) res.setHeader('Content-Type', 'text/plain; charset=utf-8')
}
