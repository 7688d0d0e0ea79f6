import express5, { type Express, type RequestHandler } from 'express'
import express4 from 'express4'
import { getPortalUser } from '@countersign/express'

export const answer: RequestHandler = (req, res) => void res.json({ id: getPortalUser(req).id })
export const greet: RequestHandler = (_req, res) => void res.json({ hello: 'world' })

/** Keeps Express from writing to the console. */
function quiet(app: Express): Express {
  return app.set('env', 'test')
}
export const app4 = (): Express => quiet(express4())
export const app5 = (): Express => quiet(express5())
