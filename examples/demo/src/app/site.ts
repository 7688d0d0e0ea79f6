import { join } from 'node:path'
import { signEndpoint } from '@countersign/express'
import express, {
  type ErrorRequestHandler,
  type Express,
  type RequestHandler,
  type Router,
} from 'express'
import { ownPagesOnly, pageHeaders } from '../browser-safety'
import { formatOf } from '../formats'
import { toText } from '../html'
import { labRoutes } from '../lab/routes'
import type { Shared } from '../portals'
import { createSession, type Session } from '../session'
import { FOLDER } from '../settings'
import { clientScript } from './client-script'
import { labPage, notFoundPage } from './page'
import { sampleUsers, type SampleUser, type SignedInUser } from './users'

/** `null` for a visitor who has signed out. */
type AppSession = Session<{ readonly user: string | null }>

/** The app: it knows who is signed in, and signs that for the portals. */
export function createApp(shared: Shared): Express {
  const { appOrigin, portalOrigin, secrets, log } = shared
  const users = sampleUsers(appOrigin)
  const session: AppSession = createSession({
    name: 'lantern_app',
    secret: secrets['app-session'],
    lifetime: 8 * 3600,
    origin: appOrigin,
  })
  const signedIn: SignedInUser = (req) => {
    const id = session.read(req)?.user
    return users.find((user) => user.id === id) ?? null
  }
  const allowed = { 'frame-src': portalOrigin, 'form-action': `'self' ${portalOrigin}` }

  const app = express().disable('x-powered-by')
  app.get('/assets/client.js', clientScript())
  app.use('/assets', express.static(join(FOLDER, 'public')))
  app.use('/docs', express.static(join(FOLDER, '..', '..', 'docs'), { setHeaders: asText }))
  app.use('/sign', log.record('app'), stillSignedIn(signedIn), signRoutes(shared, signedIn))
  app.use(ownPagesOnly(appOrigin))
  app.use('/lab', labRoutes(shared, signedIn))
  app.post('/session', express.urlencoded(), switchUser(session, users))
  app.use((_req, res, next) => {
    res.set(pageHeaders(allowed))
    next()
  })
  app.get(['/', '/:format'], laboratory(shared, session, users))
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
function signRoutes({ portals, log }: Shared, user: SignedInUser): Router {
  const options = { user, onRejected: log.refused }
  return express
    .Router()
    .post('/featkit', signEndpoint(portals.featkit, options))
    .post('/seggwat-hmac', signEndpoint(portals['seggwat-hmac'], { ...options, embed: true }))
    .post('/seggwat-jwt', signEndpoint(portals['seggwat-jwt'], { ...options, embed: true }))
    .post('/harlyy', signEndpoint(portals.harlyy, options))
    .post('/fdback', signEndpoint(portals.fdback, options))
}

/** The first page that a visitor opens signs in a user, so that there is something to see. */
function laboratory(
  shared: Shared,
  session: AppSession,
  users: readonly SampleUser[],
): RequestHandler {
  const firstVisit = { user: 'ada' }
  return (req, res, next) => {
    const format = formatOf(req.params['format'] ?? 'featkit')
    if (!format) return next()
    const current = session.read(req)
    if (!current) session.start(res, firstVisit)
    const user = users.find(({ id }) => id === (current ?? firstVisit).user) ?? null
    res.type('html').send(toText(labPage({ ...shared, format, user, users })))
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
