import { requireSignedUser } from '@countersign/express'
import { seggwat } from '@countersign/schemes'
import { portalCases } from '@countersign/testing'
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import type { Broken } from '../support/broken-app'
import { now, secret } from '../support/mint-portals'

export const links = seggwat({ secret, projectKey: 'abc123' })
export const guard = requireSignedUser(links, { now }) as RequestHandler // its locals are narrower

export const answer: RequestHandler = (req, res) =>
  void res.json({ id: req.portalUser?.id ?? null })
export const app = (): Express => express().set('env', 'test')

/** The guard hands refusals to an error handler. */
export function onError(handle: ErrorRequestHandler): Express {
  return app().use(requireSignedUser(links, { now, rejections: 'forward' }), answer, handle)
}

/** Something runs before the guard. */
export function behind(...all: readonly RequestHandler[]): Express {
  return app().use([...all], guard, answer)
}

/** What the guard reads is not what was sent. */
export function rewriting(rewrite: (url: string) => string): RequestHandler {
  return (req, _res, next) => {
    req.url = req.originalUrl = rewrite(req.originalUrl)
    next()
  }
}

/** A guard that also accepts what one of another kind would. */
export function lenient(accepts: (url: string) => boolean): Express {
  return app().use(
    (req, res, next) => (accepts(req.originalUrl) ? next('route') : guard(req, res, next)),
    answer,
  )
}

/** What the token in a URL says. */
export function payloadOf(url: string): string {
  return Buffer.from(/token=([^.&]*)/.exec(url)?.[1] ?? '', 'base64url').toString()
}

export const linkCases = portalCases(links, '/vote', { now })
export const forwardCases = portalCases(links, '/vote', { now, rejections: 'forward' })

/** An app, the case that it fails, and what that means. */
export type Row = readonly [name: string, app: Broken['app'], fails: string, means: RegExp]

export function inRows(rows: readonly Row[], cases: Broken['cases']): readonly Broken[] {
  return rows.map(([name, open, fails, means]) => ({ name, app: open, cases, fails, means }))
}
