import type { IncomingMessage } from 'node:http'
import { bodyParser } from '@koa/bodyparser'
import {
  isPromise,
  type GuardOptions,
  type Portal,
  type SignEndpointOptions,
  type UserOf,
} from '@countersign/core'
import * as onExpress from '@countersign/express'
import * as onFastify from '@countersign/fastify'
import * as onFetch from '@countersign/fetch'
import * as onHono from '@countersign/hono'
import * as onKoa from '@countersign/koa'
import type { Request } from 'express'
import type { FastifyRequest } from 'fastify'
import type { MiddlewareHandler } from 'hono'
import type { Context, Middleware } from 'koa'
import type { FetchState } from './fetch-listener'
import type { Seen, Step } from './frameworks'
import { ADA, now } from './samples'

/** The guard under test, at the clock of the samples unless told otherwise. */
export function guard<P extends Portal>(
  portal: P | readonly P[],
  given: GuardOptions<UserOf<P>, unknown> = {},
): Step {
  const options = { now, ...given }
  const express = onExpress.requireSignedUser(portal, options)
  const koa = onKoa.requireSignedUser(portal, options)
  return {
    express: () => express,
    koa: () => koa as Middleware, // the type of its state does not matter here
    fetch() {
      const guarding = onFetch.requireSignedUser(portal, options)
      return guarding((_request, user, state: FetchState, next: () => Promise<Response>) => {
        Object.assign(state, user)
        return next()
      })
    },
    hono: () => onHono.requireSignedUser(portal, options) as MiddlewareHandler, // likewise
    fastify: (app) => void app.addHook('onRequest', onFastify.requireSignedUser(portal, options)),
  }
}

/** Options as an application without types may pass them: any user, from any request. */
export type AnyOptions = Partial<SignEndpointOptions<unknown, unknown>>

/** Where the sign endpoint is. */
export const SIGN_PATH = '/api/sign'

/** A sign endpoint at the clock of the samples, with Ada signed in. */
export function signing(portal: Portal, options: AnyOptions = {}): Step {
  const all = { user: () => ADA, now, ...options } as never // users of any shape
  return {
    express: () => onExpress.signEndpoint(portal, all),
    koa: () => onKoa.signEndpoint(portal, all),
    fetch: () => onFetch.signEndpoint(portal, all),
    hono: () => onHono.signEndpoint(portal, all) as MiddlewareHandler, // it calls no next one
    fastify: (app) => void app.register(onFastify.signEndpoint(portal, all), { prefix: SIGN_PATH }),
  }
}

type Handler = (seen: Seen) => unknown

/** The application's own handler. Its result is sent as JSON. */
export function answer(handler: Handler): Step {
  return { ...answerOnNode(handler), ...answerElsewhere(handler) }
}

function answerOnNode(handler: Handler): Pick<Step, 'express' | 'koa'> {
  return {
    express: () => async (req, res, next) => {
      const { portalUser: user, portalAuth: auth, body } = req
      const urls = expressUrls(req)
      const getPortalUser = () => onExpress.getPortalUser(req)
      try {
        res.json(await handler({ req, user, auth, body, urls, getPortalUser }))
      } catch (error) {
        next(error)
      }
    },
    koa: () => async (ctx) => {
      const { portalUser: user, portalAuth: auth } = ctx.state
      const getPortalUser = () => onKoa.getPortalUser(ctx)
      const { body } = ctx.request as { body?: unknown } // added by a parser, if any
      const urls = koaUrls(ctx)
      ctx.body = await handler({ req: ctx.req, user, auth, body, urls, getPortalUser })
    },
  }
}

function answerElsewhere(handler: Handler): Omit<Step, 'express' | 'koa'> {
  const withoutNode = { req: undefined as never, body: undefined, urls: [] } // see `Seen`
  const json = { headers: { 'content-type': 'application/json; charset=utf-8' } } // as the others send it
  return {
    fetch:
      () =>
      async (request, { portalUser: user, portalAuth: auth }) => {
        const getPortalUser = () => onFetch.getPortalUser(request)
        return Response.json(await handler({ ...withoutNode, user, auth, getPortalUser }), json)
      },
    hono: () => async (c) => {
      const [user, auth] = [c.get('portalUser'), c.get('portalAuth')]
      const getPortalUser = () => onHono.getPortalUser(c)
      return Response.json(await handler({ ...withoutNode, user, auth, getPortalUser }), json)
    },
    fastify(app) {
      app.all('*', async (request: FastifyRequest) => {
        const { portalUser: user, portalAuth: auth } = request
        const getPortalUser = () => onFastify.getPortalUser(request)
        return handler({ ...withoutNode, user, auth, getPortalUser })
      })
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
    fastify: (app) => void app.addHook('onRequest', async ({ raw }) => void (await work(raw))),
  }
}

/** The application's own parser for JSON and forms, without kept bytes. */
export const parseBody: readonly Step[] = [
  {
    express: (module) => module.json(),
    koa: () => bodyParser(),
    fetch: () => async (request, _state, next) => (await request.text(), next()),
    hono: () => async (c, next) => (await c.req.text(), next()),
    fastify(app) {
      const types = ['application/json', 'application/x-www-form-urlencoded']
      app.addContentTypeParser(types, { parseAs: 'string' }, (_request, text, done) =>
        done(null, text),
      )
    },
  },
  {
    express: (module) => module.urlencoded({ extended: false }),
    koa: () => (_ctx, next) => next(),
    fetch: () => (_request, _state, next) => next(),
    hono: () => (_c, next) => next(),
    fastify: () => {},
  },
]
