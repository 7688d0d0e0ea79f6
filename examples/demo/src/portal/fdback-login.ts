import { getPortalUser, requireSignedUser, type GuardOptions } from '@countersign/express'
import express, { type RequestHandler, type Router } from 'express'
import type { Portals } from '../portals'
import type { Session } from '../session'
import { visitorOf, type Visitor } from './visitor'

export interface FdbackLogin {
  readonly portal: Portals['fdback']
  readonly session: Session<Visitor>
  readonly guard: GuardOptions
  /** The one other origin whose pages may post here. */
  readonly appOrigin: string
  /** Where the board is. */
  readonly boardUrl: string
}

/**
 * Where the app's page posts what was signed: with headers from a script, or as a plain form. It
 * is the one route that another origin may call, for the signature says who it is about.
 */
export function fdbackLogin({ portal, session, guard, appOrigin, boardUrl }: FdbackLogin): Router {
  const signedOnly = requireSignedUser(portal, guard)
  return express
    .Router()
    .use(callableFrom(appOrigin))
    .post('/', signedOnly, (req, res) => {
      session.start(res, visitorOf(getPortalUser(req), req.portalAuth!)) // the guard has set it
      if (req.is('application/x-www-form-urlencoded')) return res.redirect(303, boardUrl)
      res.json({ url: boardUrl })
    })
}

/** Cross-origin resource sharing, for one origin and the headers that fdback's client sends. */
function callableFrom(origin: string): RequestHandler {
  return (req, res, next) => {
    res.vary('Origin')
    if (req.headers.origin === origin) {
      res.set({
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Allow-Credentials': 'true',
        'Access-Control-Allow-Methods': 'POST',
        'Access-Control-Allow-Headers': 'content-type, x-workspace-id, x-timestamp, x-signature',
      })
    }
    if (req.method === 'OPTIONS') return void res.status(204).end()
    next()
  }
}
