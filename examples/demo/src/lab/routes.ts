import type { ReplayStore } from '@countersign/express'
import express, { type Request, type RequestHandler, type Response, type Router } from 'express'
import type { SignedInUser } from '../app/site'
import { formatOf, type Format } from '../formats'
import { toText } from '../html'
import type { Portals } from '../portals'
import type { LoggedRequest, RequestLog } from '../request-log'
import type { Secrets } from '../settings'
import { timeText } from '../time'
import { broken } from './breaks'
import { inspect } from './inspect'
import { inspectionView } from './views'

export interface LabOptions {
  readonly portals: Portals
  readonly secrets: Secrets
  readonly portalOrigin: string
  readonly replayStore: ReplayStore
  readonly signedIn: SignedInUser
  readonly log: RequestLog
}

/**
 * What the page asks while somebody edits a credential. For developers: these routes tell all that
 * a portal must keep to itself.
 */
export function labRoutes(options: LabOptions): Router {
  return express
    .Router()
    .post('/:format/check', express.text({ limit: '64kb' }), check(options))
    .post('/:format/break/:name', breakCredential(options))
    .post('/reply', reply)
    .get('/requests', streamRequests(options.log))
}

function check({ portals, secrets, replayStore }: LabOptions): RequestHandler {
  return async (req, res, next) => {
    const format = formatOf(req.params['format'])
    if (!format) return next()
    const text: unknown = req.body
    const { key } = format
    const context = { portal: portals[key], secret: secrets[key], replayStore }
    const inspection = await inspect(typeof text === 'string' ? text : '', context)
    res.type('html').send(toText(inspectionView(inspection, format)))
  }
}

function breakCredential(options: LabOptions): RequestHandler {
  const { portals, signedIn } = options
  return async (req, res, next) => {
    const format: Format | undefined = formatOf(req.params['format'])
    const user = signedIn(req)
    if (!format) return next()
    if (!user) return void res.status(401).json({ title: 'No user is signed in' })
    const context = { ...options, format, portal: portals[format.key], user }
    const made = await broken(String(req.params['name']), context)
    if (!made) return next()
    res.json(made)
  }
}

/** Answers as a sign endpoint does, with the URL that somebody has edited on the page. */
const reply: RequestHandler = (req, res) => {
  res.json({ url: req.query['url'], expiresAt: null })
}

/** The requests of both sites as they happen, as server-sent events. */
function streamRequests(log: RequestLog): RequestHandler {
  return (req: Request, res: Response) => {
    res.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    const send = (entry: LoggedRequest): void => {
      res.write(`data: ${JSON.stringify({ ...entry, at: timeText(entry.at) })}\n\n`)
    }
    res.write(': the newest last\n\n')
    log.recent().forEach(send)
    req.once('close', log.subscribe(send))
  }
}
