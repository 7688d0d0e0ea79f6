import * as onExpress from '@countersign/express'
import * as onKoa from '@countersign/koa'
import type { Portal, Rejection, SignEndpointOptions, VerificationError } from '@countersign/core'
import { sendRaw, type RawAnswer, type RawHeader, type RawRequest } from '../src'
import { running, type Framework, type Step } from './transport-frameworks'
import { ADA, NOW, now, portals } from './transport-kit'

/** Options as an application without types may give them: any user, from any request. */
export type AnyOptions = Partial<SignEndpointOptions<unknown, unknown>>

/** The sign endpoint under test, at the clock of these tests, with Ada signed in. */
export function signing(portal: Portal, options: AnyOptions = {}): Step {
  const all = { user: () => ADA, now, ...options }
  const express = onExpress.signEndpoint(portal, all as never) // the point is users of any shape
  const koa = onKoa.signEndpoint(portal, all as never)
  return { express: () => express, koa: () => koa }
}

export interface Call {
  readonly portal?: Portal
  readonly options?: AnyOptions
  /** Middleware before the endpoint. */
  readonly before?: readonly Step[]
}

/** Starts an app with one sign endpoint for a single request. */
export function call(
  framework: Framework,
  { portal = portals().fdback, options, before = [] }: Call,
  request: Partial<RawRequest> = {},
): Promise<RawAnswer> {
  const steps = [...before, signing(portal, options)]
  return running(framework, steps, (port) =>
    sendRaw(port, { method: 'POST', target: '/api/sign', ...request }),
  )
}

/** A request with these headers. */
export function sentWith(...headers: readonly RawHeader[]): Partial<RawRequest> {
  return { headers }
}

/** Status and public code of an answer; the status alone where it is no refusal. */
export function outcome({ status, body }: RawAnswer): string {
  if (status < 400) return String(status)
  const { code } = JSON.parse(body) as { code: string }
  return `${status} ${code}`
}

/** Keeps what `onRejected` was told. */
export function watched(): {
  readonly seen: string[]
  readonly onRejected: AnyOptions['onRejected']
} {
  const seen: string[] = []
  return { seen, onRejected: (error: VerificationError) => seen.push((error as Rejection).code) }
}

/** What was signed, as JSON text, whatever the scheme. */
export function signedText({ body }: RawAnswer): string {
  const reply = JSON.parse(body) as { readonly token?: string; readonly body?: string }
  if (reply.body !== undefined) return reply.body
  return Buffer.from(reply.token?.split('.').at(-2) ?? '', 'base64').toString('utf8')
}

/** A JSON answer that holds no signature and no credential. */
export function expectNothingSigned({ status, headers, body }: RawAnswer): void {
  expect(status).toBeGreaterThanOrEqual(400)
  expect(headers['content-type']).toBe('application/problem+json')
  expect(Object.keys(JSON.parse(body) as object)).toEqual(['type', 'title', 'status', 'code'])
  expect(headers).not.toHaveProperty('location')
}

/** Every scheme, with what signs for it. */
export const SCHEMES = ['featkit', 'seggwat', 'jwt', 'harlyy', 'fdback'] as const
export const LINKS = ['featkit', 'seggwat', 'jwt', 'harlyy'] as const
/** Schemes that sign a person, not a link. */
export const PERSONAL = ['featkit', 'seggwat', 'jwt', 'fdback'] as const

export { ADA, NOW }
