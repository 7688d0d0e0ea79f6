import type { Portal, SignEndpointOptions } from '@countersign/core'
import * as onExpress from '@countersign/express'
import * as onKoa from '@countersign/koa'
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
  const all = { user: () => ADA, now, ...options }
  const express = onExpress.signEndpoint(portal, all as never) // users of any shape
  const koa = onKoa.signEndpoint(portal, all as never)
  return { express: () => express, koa: () => koa }
}

/** Starts an app with one sign endpoint for a single request. */
export function call(
  framework: Framework,
  portal: Portal,
  options: AnyOptions = {},
  request: Partial<RawRequest> = {},
): Promise<RawAnswer> {
  return running(framework, [signing(portal, options)], (port) =>
    sendRaw(port, { method: 'POST', target: '/api/sign', ...request }),
  )
}
