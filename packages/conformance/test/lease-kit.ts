import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { createVerifier, type VerifierOptions } from '@countersign/core'
import { requireSignedUser as forExpress } from '@countersign/express'
import { requireSignedUser as forKoa } from '@countersign/koa'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import type { Middleware } from 'koa'
import {
  DEADLINE,
  openRaw,
  requestBytes,
  sendRaw,
  serveExpress,
  serveKoa,
  viewOf,
  type ExpressMajor,
  type KoaMajor,
  type RawAnswer,
  type RawConnection,
  type RunningServer,
} from '../src'
import { slowStore, type SlowStore } from './lease-store'
import { harlyyQuery, now, portals } from './transport-kit'

export const LEASE = { lease: 30 } as const

/** A running app behind a leasing guard, and one link to it. */
export interface Site {
  readonly port: number
  readonly store: SlowStore
  readonly target: string
  /** Uses the link, on a connection of its own. */
  use(method?: string): Promise<RawAnswer>
  /** The same, as status and public code. */
  outcome(): Promise<string>
  /** What another process, which has only the store in common, makes of the link at this moment. */
  elsewhere(): Promise<string>
  /** Sends the request and leaves the connection to the test. */
  open(): Promise<RawConnection>
}

async function siteOf({ port }: RunningServer, store: SlowStore): Promise<Site> {
  const target = `/survey?${await harlyyQuery()}`
  const use: Site['use'] = (method = 'POST') => sendRaw(port, { method, target })
  return {
    port,
    store,
    target,
    use,
    outcome: async () => outcomeOf(await use()),
    async elsewhere() {
      const options = { now, replayStore: store, consume: LEASE }
      const verifier = createVerifier(portals().harlyy, options)
      const verification = await verifier.verify(viewOf({ target }))
      return verification.ok ? '200' : `${verification.error.status} ${verification.error.code}`
    },
    async open() {
      const connection = await openRaw(port)
      connection.write(requestBytes({ method: 'POST', target }))
      return connection
    },
  }
}

/** `200`, or the status with the public code of a refusal. */
export function outcomeOf({ status, headers, body }: RawAnswer): string {
  const isProblem = headers['content-type'] === 'application/problem+json'
  return isProblem ? `${status} ${(JSON.parse(body) as { code: string }).code}` : `${status}`
}

export interface ExpressSite {
  readonly major: ExpressMajor
  /** Answers the first use; every later one, and every look, is answered with JSON. */
  readonly first: RequestHandler
  /** In front of the guard, and between it and the handler. */
  readonly outer?: RequestHandler
  readonly inner?: RequestHandler
  readonly onError?: ErrorRequestHandler
  readonly guard?: VerifierOptions<unknown>
  readonly guards?: Guards
}

/** How many stand in the way: one, the same one twice, or two of the same portal. */
export type Guards = 'one' | 'the same twice' | 'two'

function inTheWay<Guard>(guards: Guards, make: () => Guard): Guard[] {
  const first = make()
  return guards === 'one' ? [first] : [first, guards === 'two' ? make() : first]
}

/** Starts the app, lets `work` use it, and stops it. */
export async function onExpress<Result>(
  { major, first, outer = passOn, inner = passOn, onError, guard, guards = 'one' }: ExpressSite,
  work: (site: Site) => Promise<Result>,
): Promise<Result> {
  const store = slowStore()
  const options = { now, replayStore: store, consume: LEASE, ...guard }
  let uses = 0
  const server = await serveExpress(major, (app) => {
    const { harlyy } = portals()
    app.use(outer, ...inTheWay(guards, () => forExpress(harlyy, options)), inner)
    app.use((req, res, next) => {
      if (req.method === 'GET' || uses++ > 0) return void res.json({ uses })
      return first(req, res, next)
    })
    if (onError) app.use(onError)
  })
  return whileRunning(server, store, work)
}

async function whileRunning<Result>(
  server: RunningServer,
  store: SlowStore,
  work: (site: Site) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(await siteOf(server, store))
  } finally {
    await server.close()
  }
}

const passOn: RequestHandler = (_req, _res, next) => next()

export interface KoaSite {
  readonly major: KoaMajor
  /** Answers the first use; every later one, and every look, is answered with JSON. */
  readonly first: Middleware
  readonly outer?: Middleware
  readonly inner?: Middleware
  readonly guard?: VerifierOptions<unknown>
  readonly guards?: Guards
}

export async function onKoa<Result>(
  { major, first, outer = goOn, inner = goOn, guard, guards = 'one' }: KoaSite,
  work: (site: Site) => Promise<Result>,
): Promise<Result> {
  const store = slowStore()
  const options = { now, replayStore: store, consume: LEASE, ...guard }
  let uses = 0
  const server = await serveKoa(major, (app) => {
    const { harlyy } = portals()
    const guardsInTheWay = inTheWay(guards, () => forKoa(harlyy, options) as Middleware) // its state is nobody's business here
    for (const step of [outer, ...guardsInTheWay, inner]) app.use(step)
    app.use((ctx, next) => {
      if (ctx.method === 'GET' || uses++ > 0) return void (ctx.body = { uses })
      return first(ctx, next)
    })
  })
  return whileRunning(server, store, work)
}

const goOn: Middleware = (_ctx, next) => next()

/** Asks until the answer is another one. For what happens behind a connection that is gone. */
export async function until(ask: () => Promise<string>, isPassing: string): Promise<string> {
  const end = performance.now() + DEADLINE
  for (;;) {
    const answer = await ask()
    if (answer !== isPassing || performance.now() > end) return answer
    await pause(5)
  }
}

/** The client of this answer has hung up. */
export async function hungUp(res: ServerResponse): Promise<void> {
  if (!res.destroyed) await once(res, 'close')
}

/** What the link is worth right after its first use, here and in another process, by that use. */
export async function used(site: Site): Promise<readonly string[]> {
  return [await site.outcome(), await site.elsewhere(), await site.outcome()]
}

/** What follows a success, as `used` tells it. */
export const USED_UP: readonly string[] = ['401 token_replayed', '401 token_replayed']
/** What follows a failure: the link is free, and its next use is answered. */
export const GIVEN_BACK: readonly string[] = ['200', '200']
