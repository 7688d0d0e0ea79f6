import type { IncomingMessage } from 'node:http'
import type { PortalAuth, PortalUser } from '@countersign/core'
import type express from 'express'
import type { RequestHandler } from 'express'
import type { FastifyInstance } from 'fastify'
import type { MiddlewareHandler } from 'hono'
import type { Middleware } from 'koa'
import type { FetchLayer } from './fetch-listener'
import {
  serveExpress,
  serveFastify,
  serveFetch,
  serveHono,
  serveKoa,
  type RunningServer,
} from './servers'

/** A piece of an application in the form of each family of frameworks. */
export interface Step {
  express(module: typeof express): RequestHandler
  koa(): Middleware
  fetch?(): FetchLayer
  hono?(): MiddlewareHandler
  fastify?(app: FastifyInstance): void
}

export interface Framework {
  readonly name: string
  readonly family: keyof Step
  /** Starts an app with these steps on a real socket. */
  serve(steps: readonly Step[]): Promise<RunningServer>
}

/** Its middleware may do anything to Node's own request before the guard. */
export interface NodeFramework extends Framework {
  readonly family: 'express' | 'koa'
}

export const NODE_FRAMEWORKS: readonly NodeFramework[] = [
  ...([4, 5] as const).map((major) => ({
    name: `Express ${major}`,
    family: 'express' as const,
    serve: (steps: readonly Step[]) =>
      serveExpress(major, (app, module) => {
        for (const step of steps) app.use(step.express(module))
      }),
  })),
  ...([2, 3] as const).map((major) => ({
    name: `Koa ${major}`,
    family: 'koa' as const,
    serve: (steps: readonly Step[]) =>
      serveKoa(major, (app) => {
        for (const step of steps) app.use(step.koa())
      }),
  })),
]

export const FRAMEWORKS: readonly Framework[] = [
  ...NODE_FRAMEWORKS,
  {
    name: 'fetch',
    family: 'fetch',
    serve: (steps) => serveFetch(steps.map((step) => formOf(step, 'fetch')())),
  },
  {
    name: 'Hono',
    family: 'hono',
    serve: (steps) => serveHono(steps.map((step) => formOf(step, 'hono')())),
  },
  ...([4, 5] as const).map((major): Framework => ({
    name: `Fastify ${major}`,
    family: 'fastify',
    serve: (steps) =>
      serveFastify(major, (app) => {
        for (const step of steps) formOf(step, 'fastify')(app)
      }),
  })),
]

function formOf<Family extends keyof Step>(step: Step, family: Family): NonNullable<Step[Family]> {
  const form = step[family]
  if (!form) throw new TypeError(`A step has no form for ${family}`)
  return form
}

/** What a handler behind a guard sees, whatever the framework. */
export interface Seen {
  /** Node's own request; only in Express and Koa. */
  readonly req: IncomingMessage
  /** `req.portalUser`, `ctx.state.portalUser` … */
  readonly user: PortalUser | undefined
  readonly auth: PortalAuth | undefined
  /** What the application's parser made of the body; only in Express and Koa. */
  readonly body: unknown
  /** Every URL of the request that a later logger could write down, and what was parsed of it. */
  readonly urls: readonly unknown[]
  getPortalUser(): PortalUser
}
