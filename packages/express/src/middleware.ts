import type { NextFunction, Request, RequestHandler, Response } from 'express'
import {
  createGuard,
  createSignEndpoint,
  isPromise,
  stripParameters,
  type Guard,
  type GuardOptions,
  type InputOf,
  type Portal,
  type PortalUser,
  type RequestView,
  type ResponseData,
  type SignEndpointOptions,
  type UserOf,
  type Verdict,
} from '@countersign/core'
import { admit, connectionHeaders, isAdmitted, nodeView, settleOnAnswer } from '@countersign/node'
import type { SignedUserHandler } from './types'

/** Middleware for the portal's routes: lets signed users in and answers everyone else. */
export function requireSignedUser<P extends Portal>(
  portal: P | readonly P[],
  options: GuardOptions<UserOf<P>, Request> = {},
): SignedUserHandler<UserOf<P>> {
  const guard = createGuard<P, Request>(portal, options)
  const handler: RequestHandler = (req, res, next) => {
    if (isAdmitted(req, guard)) return next()
    const verdict = guard.judge(view(req))
    if (!isPromise(verdict)) return obey(verdict, { guard, req, res, next })
    verdict.then((late) => obey(late, { guard, req, res, next })).then(undefined, next)
  }
  return handler as SignedUserHandler<UserOf<P>> // what calls it is Express
}

/** The route of the application's side: signs whoever is signed in. */
export function signEndpoint<P extends Portal>(
  portal: P,
  options: SignEndpointOptions<InputOf<P>, Request>,
): RequestHandler {
  const endpoint = createSignEndpoint<P, Request>(portal, options)
  return (req, res, next) => {
    Promise.resolve(endpoint(view(req)))
      .then((response) => send(req, res, response))
      .catch(next)
  }
}

interface Step {
  readonly guard: Guard<PortalUser, Request>
  readonly req: Request
  readonly res: Response
  readonly next: NextFunction
}

function obey(verdict: Verdict, { guard, req, res, next }: Step): void {
  if (!verdict.pass) {
    return guard.forwards ? next(verdict.error) : send(req, res, verdict.response)
  }
  const { verified, headers } = verdict
  admit(req, { guard, verified })
  req.portalUser = res.locals['portalUser'] = verified?.user
  req.portalAuth = verified?.auth
  if (verified?.reservation) settleOnAnswer(res, verified.reservation)
  setHeaders(res, headers)
  if (guard.strips.length > 0) {
    req.url = stripParameters(req.url, guard.strips)
    req.originalUrl = stripParameters(req.originalUrl, guard.strips)
    for (const name of guard.strips) delete req.query[name] // Express 4 has parsed it already
  }
  next()
}

function view(req: Request): RequestView<Request> {
  return nodeView({ req, native: req, target: req.originalUrl, holder: req })
}

function send(req: Request, res: Response, { status, headers, body }: ResponseData): void {
  res.statusCode = status
  setHeaders(res, { ...headers, ...connectionHeaders(req, status) })
  res.end(body)
}

/** Node's own setter: Express's adds a charset of its own. */
function setHeaders(res: Response, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value)
}
