// Runs outside Jest, whose `process` is a copy: only here do an unhandled rejection and an uncaught
// exception show. Handlers, clients and stores do whatever they should not; prints one line of JSON.
import { setTimeout as pause } from 'node:timers/promises'
import { pipeline, Readable } from 'node:stream'
import type { ReplayLeases, ReplayStore } from '@countersign/core'
import type { RequestHandler } from 'express'
import type { Middleware } from 'koa'
import { onExpress, onKoa, type Site } from './lease-kit'
import { slowStore } from './lease-store'

const events: string[] = []
process.on('unhandledRejection', (reason) => events.push(`unhandledRejection ${String(reason)}`))
process.on('uncaughtException', (error) => events.push(`uncaughtException ${String(error)}`))
process.removeAllListeners('warning')

const broken = (): Readable =>
  new Readable({
    read() {
      this.destroy(new Error('broken'))
    },
  })

const expressHandlers: readonly RequestHandler[] = [
  (_req, res) => void res.json({}),
  (_req, res) => void res.end(42 as unknown as string), // wrong on purpose
  (_req, res) => void (res.write('x'), res.end({} as unknown as string)), // likewise
  (_req, res) => void (res.end('x'), res.end(), res.destroy()),
  (_req, res) => {
    res.json({})
    throw new Error('after the answer')
  },
  (_req, res) => {
    res.json({})
    res.setHeader('X-Late', '1')
  },
  (_req, res) => void (res.write('x'), res.destroy(new Error('broken'))),
  (_req, res) => void res.destroy(),
  (req) => void req.socket.destroy(),
  (_req, res) => void pipeline(broken(), res, () => undefined),
  (_req, res, next) => void broken().on('error', next).pipe(res),
  (_req, _res, next) => next(new Error('broken')),
  () => {
    throw new Error('broken')
  },
  (req, res) =>
    void req.portalAuth
      ?.consume()
      .finally(() => res.end())
      .catch(() => undefined),
]

const koaHandlers: readonly Middleware[] = [
  (ctx) => void (ctx.body = {}),
  (ctx) => ctx.throw(422),
  (ctx) => ctx.throw(500),
  (ctx) => void (ctx.body = broken()),
  (ctx) => void ctx.res.end('past Koa'),
  (ctx) => void (ctx.res.end('past Koa'), (ctx.body = 'and through it')),
  (ctx) => void ((ctx.respond = false), ctx.res.destroy()),
  (ctx) => void ((ctx.respond = false), setImmediate(() => ctx.res.end('late'))),
  (ctx) => void (ctx.res.destroy(), (ctx.body = 'to nobody')),
  async (ctx) => {
    await ctx.state['portalAuth']?.consume()
    ctx.throw(500)
  },
]

/** How the operations of a store go wrong. */
const troubles: readonly (() => Promise<never>)[] = [
  () => Promise.reject(new Error('no connection')),
  () => new Promise(() => undefined),
  () => pause(60).then(() => Promise.reject(new Error('late'))),
  () => {
    throw new Error('at once')
  },
  () => Promise.resolve('perhaps' as never), // no answer at all
]

/** A store that goes wrong from one operation on: while it is asked for a lease, or to end one. */
function storesOf({ store }: Pick<Site, 'store'>, trouble: () => Promise<never>): ReplayStore[] {
  const { leases, durable } = store
  const claims = { claim: store.claim, has: store.has, durable }
  const ends: ReplayLeases = { ...leases, commit: trouble, release: trouble }
  return [
    { ...claims, leases: ends },
    { ...claims, leases: { ...ends, reserve: trouble } },
  ]
}

let requests = 0

/** One client waits for the answer, one hangs up, and one only looks. */
async function visit({ use, open }: Site): Promise<void> {
  requests += 3
  await use().catch(() => undefined) // hung up on
  const connection = await open()
  connection.abort()
  await use('GET').catch(() => undefined)
}

async function suite(): Promise<void> {
  const healthy: (ReplayStore | undefined)[] = [undefined]
  const broke = troubles.flatMap((trouble) => storesOf({ store: slowStore() }, trouble))
  for (const replayStore of [...healthy, ...broke]) {
    const guard = { storeDeadline: 0.02, ...(replayStore && { replayStore }) }
    for (const major of [4, 5] as const) {
      for (const first of expressHandlers) await onExpress({ major, first, guard }, visit)
    }
    for (const major of [2, 3] as const) {
      for (const first of koaHandlers) await onKoa({ major, first, guard }, visit)
    }
  }
  await pause(200) // what is late arrives
}

void suite().then(() => {
  console.log(JSON.stringify({ requests, events }))
  process.exit()
})
