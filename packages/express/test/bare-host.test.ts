import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { NextFunction, Request, Response } from 'express'
import request from 'supertest'
import { getPortalUser, requireSignedUser, signEndpoint } from '../src'
import { links, now, queryFor } from './signed'

type Middleware = (req: Request, res: Response, next: NextFunction) => void

/** Calls middleware as connect, polka and middie do, on a request that has only what Node gives it. */
function serve(middleware: Middleware, last: (req: Request) => unknown = () => null) {
  const handler = (req: IncomingMessage, res: ServerResponse): void => {
    const bare = [req as Request, res as Response] as const // a host without Express's own properties
    middleware(...bare, (error?: unknown) => {
      if (error) throw error
      res.end(JSON.stringify(last(bare[0])))
    })
  }
  return request(createServer(handler))
}

describe('a host without `res.locals`, `req.originalUrl` and `req.query`', () => {
  it('gets the signed user, and a URL without the credential', async () => {
    const guard = requireSignedUser(links, { now, stripCredential: true })
    const server = serve(guard as Middleware, (req) => [getPortalUser(req).id, req.url])
    const { status, text } = await server.get(`/${await queryFor('u-1')}&page=2`)
    expect([status, text]).toEqual([200, '["u-1","/?page=2"]'])
  })

  it('refuses an anonymous request', async () => {
    const { status, text } = await serve(requireSignedUser(links, { now }) as Middleware).get('/')
    expect([status, JSON.parse(text).code]).toEqual([401, 'credential_missing'])
  })

  it('signs the signed-in user', async () => {
    const endpoint = signEndpoint(links, { now, user: () => ({ id: 'u-1' }) })
    const { status, text } = await serve(endpoint).post('/sign')
    expect(status).toBe(200)
    expect(JSON.parse(text).url).toMatch(/^https:\/\/featkit\.com\/p\/acme\?token=/)
  })
})
