import type { Portal, SignEndpointOptions } from '@countersign/core'
import * as onExpress from '@countersign/express'
import * as onFastify from '@countersign/fastify'
import * as onFetch from '@countersign/fetch'
import * as onHono from '@countersign/hono'
import * as onKoa from '@countersign/koa'
import type { MiddlewareHandler } from 'hono'
import { ADA, now, portals, running, sendRaw } from '../src'
import type { Framework, RawAnswer, RawRequest, Step } from '../src'

/** Options as an application without types may pass them: any user, from any request. */
export type AnyOptions = Partial<SignEndpointOptions<unknown, unknown>>

export const SCHEMES: readonly (keyof ReturnType<typeof portals>)[] = [
  'featkit',
  'seggwat',
  'jwt',
  'harlyy',
  'fdback',
]

/** A sign endpoint at the clock of the samples, with Ada signed in. */
export function signing(portal: Portal, options: AnyOptions = {}): Step {
  const all = { user: () => ADA, now, ...options } as never // users of any shape
  return {
    express: () => onExpress.signEndpoint(portal, all),
    koa: () => onKoa.signEndpoint(portal, all),
    fetch: () => onFetch.signEndpoint(portal, all),
    hono: () => onHono.signEndpoint(portal, all) as MiddlewareHandler, // it calls no next one
    fastify: (app) => void app.register(onFastify.signEndpoint(portal, all), { prefix: PATH }),
  }
}

const PATH = '/api/sign'

/** Starts an app with one sign endpoint for a single request. */
export function call(
  framework: Framework,
  portal: Portal,
  options: AnyOptions = {},
  request: Partial<RawRequest> = {},
): Promise<RawAnswer> {
  return running(framework, [signing(portal, options)], (port) =>
    sendRaw(port, { method: 'POST', target: PATH, ...request }),
  )
}
