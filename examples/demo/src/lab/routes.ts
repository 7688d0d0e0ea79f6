import express, { type RequestHandler, type Router } from 'express'
import type { SignedInUser } from '../app/users'
import { formatOf } from '../formats'
import { toText } from '../html'
import type { Shared } from '../portals'
import type { LoggedRequest, RequestLog } from '../request-log'
import { broken } from './breaks'
import { inspect } from './checks'
import { inspectionView, requestView } from './views'

/**
 * What the page asks while somebody edits a credential. For developers: these routes tell all that
 * a portal must keep to itself.
 */
export function labRoutes(shared: Shared, signedIn: SignedInUser): Router {
  return express
    .Router()
    .post('/:format/check', express.text({ limit: '64kb' }), check(shared))
    .post('/:format/break/:name', breakCredential(shared, signedIn))
    .post('/reply', reply)
    .get('/requests', streamRequests(shared.log))
}

function check({ portals, secrets, replayStore }: Shared): RequestHandler {
  return async (req, res, next) => {
    const format = formatOf(req.params['format'])
    if (!format) return next()
    const text: unknown = req.body
    const { id } = format
    const context = { portal: portals[id], secret: secrets[id], replayStore }
    const inspection = await inspect(typeof text === 'string' ? text : '', context)
    res.type('html').send(toText(inspectionView(inspection, format)))
  }
}

function breakCredential(shared: Shared, signedIn: SignedInUser): RequestHandler {
  return async (req, res, next) => {
    const format = formatOf(req.params['format'])
    const user = signedIn(req)
    if (!format) return next()
    if (!user) return void res.status(401).json({ title: 'No user is signed in' })
    const made = await broken(String(req.params['name']), format, user, shared)
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
  return (req, res) => {
    res.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    res.write(': the newest last\n\n')
    const send = (entry: LoggedRequest): void => {
      res.write(`data: ${JSON.stringify(toText(requestView(entry)))}\n\n`)
    }
    req.once('close', log.follow(send))
  }
}
