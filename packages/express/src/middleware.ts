import type { NextFunction, Request, RequestHandler, Response } from 'express'
import {
  createGuard,
  createSignEndpoint,
  isPromise,
  stripParameters,
  type Decision,
  type GuardOptions,
  type InputOf,
  type Portal,
  type ResponseData,
  type SignEndpointOptions,
  type UserOf,
} from '@countersign/core'
import { closeAfter, NodeView, settleOnAnswer } from '@countersign/core/node'
import type { PortalHandler, SignedUserHandler } from './types'

/**
 * Middleware for the portal's routes: lets signed users pass and answers all other requests.
 * @throws ConfigError for options that cannot work
 */
export function requireSignedUser<P extends Portal>(
  portal: P | readonly P[],
  options: GuardOptions<UserOf<P>, Request> = {},
): SignedUserHandler<UserOf<P>> {
  const guard = createGuard<P, Request>(portal, options, 'requireSignedUser()')

  function obey(decision: Decision, req: Request, res: Response, next: NextFunction): void {
    if (!decision.pass) {
      if (guard.forwards) return next(closeAfter(res, decision.error))
      return send(res, decision.response)
    }
    const { verified, headers, reservation } = decision
    req.portalUser = verified?.user
    localsOf(res)['portalUser'] = verified?.user
    req.portalAuth = verified?.auth
    if (reservation) settleOnAnswer(res, reservation)
    for (const [name, value] of headers) res.setHeader(name, value) // Express's own setter adds a charset
    if (guard.strips.length > 0) strip(req, guard.strips)
    next()
  }

  const handler: RequestHandler = (req, res, next) => {
    const decision = guard.decide(viewOf(req))
    if (!isPromise(decision)) return obey(decision, req, res, next)
    decision.then((late) => obey(late, req, res, next)).then(undefined, next)
  }
  return handler as SignedUserHandler<UserOf<P>> // what calls it is Express
}

/**
 * The route of the application's side: signs the signed-in user.
 * @throws ConfigError for options that cannot work
 */
export function signEndpoint<P extends Portal>(
  portal: P,
  options: SignEndpointOptions<InputOf<P>, Request>,
): PortalHandler {
  const endpoint = createSignEndpoint<P, Request>(portal, options, 'signEndpoint()')
  return (req, res, next) => {
    Promise.resolve(endpoint(viewOf(req)))
      .then((response) => send(res, response))
      .catch(next)
  }
}

/** What hosts that only look like Express leave out: connect, polka, a plain `node:http` server. */
type Bare<Value, Names extends keyof Value> = Omit<Value, Names> & Partial<Pick<Value, Names>>

export function viewOf(req: Request): NodeView<Request> {
  const { originalUrl }: Bare<Request, 'originalUrl'> = req
  return new NodeView(req, req, originalUrl ?? req.url, req)
}

function localsOf(res: Bare<Response, 'locals'>): Record<string, unknown> {
  return (res.locals ??= {})
}

function strip(req: Bare<Request, 'originalUrl' | 'query'>, names: readonly string[]): void {
  req.url = stripParameters(req.url, names)
  if (req.originalUrl !== undefined) req.originalUrl = stripParameters(req.originalUrl, names)
  for (const name of names) delete req.query?.[name] // Express 4 has parsed it already
}

export function send(res: Response, response: ResponseData): void {
  const { status, headers, body } = closeAfter(res, response)
  res.statusCode = status
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'set-cookie') res.appendHeader(name, value)
    else res.setHeader(name, value)
  }
  res.end(body)
}
