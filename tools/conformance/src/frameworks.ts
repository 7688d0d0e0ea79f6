import type { IncomingMessage } from 'node:http'
import { bodyParser } from '@koa/bodyparser'
import { isPromise } from '@countersign/core'
import type { GuardOptions, Portal, PortalAuth, PortalUser, UserOf } from '@countersign/core'
import * as onExpress from '@countersign/express'
import * as onKoa from '@countersign/koa'
import type express from 'express'
import type { Request, RequestHandler } from 'express'
import type { Context, Middleware } from 'koa'
import { sendRaw, type RawRequest } from './raw/client'
import type { RawAnswer } from './raw/answers'
import { now } from './samples'
import { serveExpress, serveKoa, type RunningServer } from './servers'

/** Middleware in the form of each family of frameworks. */
export interface Step {
  express(module: typeof express): RequestHandler
  koa(): Middleware
}

export interface Framework {
  readonly name: string
  readonly family: 'express' | 'koa'
  /** Starts an app with these steps on a real socket. */
  serve(steps: readonly Step[]): Promise<RunningServer>
}

export const FRAMEWORKS: readonly Framework[] = [
  ...([4, 5] as const).map((major): Framework => ({
    name: `Express ${major}`,
    family: 'express',
    serve: (steps) =>
      serveExpress(major, (app, module) => {
        for (const step of steps) app.use(step.express(module))
      }),
  })),
  ...([2, 3] as const).map((major): Framework => ({
    name: `Koa ${major}`,
    family: 'koa',
    serve: (steps) =>
      serveKoa(major, (app) => {
        for (const step of steps) app.use(step.koa())
      }),
  })),
]

/** The guard under test, at the clock of the samples unless told otherwise. */
export function guard<P extends Portal>(
  portal: P | readonly P[],
  options: GuardOptions<UserOf<P>, unknown> = {},
): Step {
  const express = onExpress.requireSignedUser(portal, { now, ...options })
  const koa = onKoa.requireSignedUser(portal, { now, ...options })
  return { express: () => express, koa: () => koa as Middleware } // the type of its state does not matter here
}

/** What a handler behind a guard sees, whatever the framework. */
export interface Seen {
  readonly req: IncomingMessage
  /** `req.portalUser`, or `ctx.state.portalUser`. */
  readonly user: PortalUser | undefined
  readonly auth: PortalAuth | undefined
  /** What the application's parser made of the body. */
  readonly body: unknown
  /** Every URL of the request that a later logger could write down, and what was parsed of it. */
  readonly urls: readonly unknown[]
  getPortalUser(): PortalUser
}

/** The application's own handler. Its result is sent as JSON. */
export function answer(handler: (seen: Seen) => unknown): Step {
  return {
    express: () => async (req, res, next) => {
      const { portalUser: user, portalAuth: auth, body } = req
      const urls = expressUrls(req)
      const getPortalUser = (): PortalUser => onExpress.getPortalUser(req)
      try {
        res.json(await handler({ req, user, auth, body, urls, getPortalUser }))
      } catch (error) {
        next(error)
      }
    },
    koa: () => async (ctx) => {
      const { portalUser: user, portalAuth: auth } = ctx.state
      const getPortalUser = (): PortalUser => onKoa.getPortalUser(ctx)
      const { body } = ctx.request as { body?: unknown } // added by a parser, if any
      const urls = koaUrls(ctx)
      ctx.body = await handler({ req: ctx.req, user, auth, body, urls, getPortalUser })
    },
  }
}

function expressUrls({ url, originalUrl, query }: Request): readonly unknown[] {
  return [url, originalUrl, query]
}

function koaUrls(ctx: Context): readonly unknown[] {
  const { req, request, url, originalUrl, href, query } = ctx
  const { url: inner, originalUrl: innerOriginal, href: innerHref } = request
  return [url, originalUrl, href, query, req.url, inner, innerOriginal, innerHref, ctx.URL.href]
}

/** A logger in front of the guard: frameworks cache some of what they have parsed for it. */
export const readUrls: Step = {
  express: () => (req, _res, next) => (expressUrls(req), next()),
  koa: () => (ctx, next) => (koaUrls(ctx), next()),
}

/** Responds with the user that the guard let pass. */
export const greet: Step = answer(({ user }) => ({ user: user ?? null }))

/** Middleware of the application. It continues synchronously unless `work` returns a promise. */
export function before(work: (req: IncomingMessage) => unknown): Step {
  return {
    express: () => (req, _res, next) => {
      const done = work(req)
      if (isPromise(done)) void done.then(() => next(), next)
      else next()
    },
    koa: () => async (ctx, next) => {
      const done = work(ctx.req)
      if (isPromise(done)) await done
      return next()
    },
  }
}

/** The application's own parser for JSON and forms, without kept bytes in Express. */
export const parseBody: readonly Step[] = [
  { express: (module) => module.json(), koa: () => bodyParser() },
  {
    express: (module) => module.urlencoded({ extended: false }),
    koa: () => (_ctx, next) => next(),
  },
]

/** Starts an app, lets `work` send to it, and stops it. */
export async function running<Result>(
  framework: Framework,
  steps: readonly Step[],
  work: (port: number) => Promise<Result>,
): Promise<Result> {
  const server = await framework.serve(steps)
  try {
    return await work(server.port)
  } finally {
    await server.close()
  }
}

/** Starts an app for a single request. */
export function ask(
  framework: Framework,
  steps: readonly Step[],
  request: RawRequest,
): Promise<RawAnswer> {
  return running(framework, steps, (port) => sendRaw(port, request))
}

/**
 * Sends requests to one guarded app, one after the other.
 * @returns for each the status and, for a refusal, its private code
 */
export async function outcomesOf<P extends Portal>(
  framework: Framework,
  portal: P | readonly P[],
  options: GuardOptions<UserOf<P>, unknown>,
  requests: readonly RawRequest[],
): Promise<readonly string[]> {
  const codes: string[] = []
  const guarded = guard(portal, { ...options, onRejected: ({ code }) => codes.push(code) })
  return running(framework, [guarded, greet], async (port) => {
    const outcomes: string[] = []
    for (const request of requests) {
      const { status } = await sendRaw(port, request)
      outcomes.push([status, ...codes.splice(0)].join(' '))
    }
    return outcomes
  })
}

/** The public `code` of a refusal. */
export function publicCode({ body }: RawAnswer): string {
  return (JSON.parse(body) as { code: string }).code
}
