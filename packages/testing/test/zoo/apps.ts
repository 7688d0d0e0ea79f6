import type { RequestListener } from 'node:http'
import { requireSignedUser } from '@countersign/express'
import { fdback, harlyy, seggwat } from '@countersign/core/schemes'
import { portalCases, type ConformanceCase } from '@countersign/testing'
import type { ErrorRequestHandler, Express, RequestHandler } from 'express'
import { answer, app5 } from '../support/apps'
import { now, secret } from '../support/samples'

export const ROUTE = '/vote'

/** One portal for each way in which credentials travel. */
export const links = seggwat({ secret, projectKey: 'abc123' })
export const surveys = harlyy({ secret })
export const messages = fdback({ secret, workspaceId: 'ws_demo' })

export const linkCases: readonly ConformanceCase[] = portalCases(links, ROUTE, { now })
export const forwardCases: readonly ConformanceCase[] = portalCases(links, ROUTE, {
  now,
  rejections: 'forward',
})
export const messageCases: readonly ConformanceCase[] = portalCases(messages, ROUTE, { now })
export const surveyCases: readonly ConformanceCase[] = portalCases(surveys, ROUTE, { now })

/** Its locals are narrower than those of any handler. */
export const guardOf = (options: object = {}, portal: object = links): RequestHandler =>
  requireSignedUser(portal as typeof links, { now, ...options }) as unknown as RequestHandler
export const guard: RequestHandler = guardOf()
export const greet: RequestHandler = (_req, res) => void res.json({ hello: 'world' })

export const failing = (): never => {
  throw new Error('down')
}

/** Answers everything for one reason, as a guard would. */
export function problem(status: number, code?: string): RequestListener {
  return (_req, res) => {
    res.statusCode = status
    res.setHeader('content-type', 'application/problem+json')
    res.end(JSON.stringify({ type: 'urn:x', title: 'No', status, ...(code && { code }) }))
  }
}

/** As processes behind a proxy, which sends each request to the next one. */
export const inTurn = (...all: readonly RequestListener[]): RequestListener => {
  let count = 0
  return (req, res) => all[count++ % all.length]?.(req, res)
}

/** Something runs before the guard. */
export const behind = (...all: readonly RequestHandler[]): Express =>
  app5().use([...all], guard, answer)

/** The guard hands refusals to an error handler. */
export const onError = (handle: ErrorRequestHandler): Express =>
  app5().use(guardOf({ rejections: 'forward' }), answer, handle)

/** Sends each answer with other headers than it was given. */
export const withHeaders =
  (change: Readonly<Record<string, string | undefined>>): RequestHandler =>
  (_req, res, next) => {
    const { writeHead } = res
    res.writeHead = function changed(...head: unknown[]) {
      for (const [name, value] of Object.entries(change)) {
        if (value === undefined) res.removeHeader(name)
        else res.setHeader(name, value)
      }
      return Reflect.apply(writeHead, res, head)
    } as typeof writeHead // it has several forms
    next()
  }

/** What the guard reads is not what was sent. */
export const rewriting =
  (rewrite: (url: string) => string): RequestHandler =>
  (req, _res, next) => {
    req.url = req.originalUrl = rewrite(req.originalUrl)
    next()
  }

/** Lets some requests in that the guard would refuse. */
export const lenient = (accepts: (req: Parameters<RequestHandler>[0]) => boolean): Express =>
  app5().use((req, res, next) => (accepts(req) ? next('route') : guard(req, res, next)), answer)

/** Takes the method from a header or the query, as method-override does. */
export const override: RequestHandler = (req, _res, next) => {
  const asked = req.get('x-http-method-override') ?? req.query['_method']
  if (typeof asked === 'string') req.method = asked
  next()
}

/** What the token in a URL says. */
export function payloadOf(url: string): string {
  return Buffer.from(/token=([^.&]*)/.exec(url)?.[1] ?? '', 'base64url').toString()
}
