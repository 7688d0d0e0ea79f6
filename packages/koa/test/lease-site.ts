import { createServer } from 'node:http'
import type Koa from 'koa'
import Koa3 from 'koa'
import Koa2 from 'koa2'
import request, { type Response, type Test } from 'supertest'
import {
  createSigner,
  harlyy,
  memoryReplayStore,
  requireSignedUser,
  type ReplayStore,
} from '../src'

const NOW = Date.UTC(2026, 10, 20)
export const now = (): number => NOW
const secret = 'a-secret-of-the-lease-tests-0123456789'
export const survey = harlyy({ secret, businessId: 'acme', surveyId: 'lunch' })

export const MAJORS: Readonly<Record<2 | 3, typeof Koa>> = { 2: Koa2, 3: Koa3 }
export type Major = keyof typeof MAJORS

/** A memory store that records the end of a lease a few turns later, and notes which end. */
export function slowStore() {
  const { leases, ...store } = memoryReplayStore({ now })
  const ended: ('commit' | 'release')[] = []

  async function slowly<Answer>(
    name: 'commit' | 'release',
    work: () => Answer | PromiseLike<Answer>,
  ): Promise<Answer> {
    ended.push(name)
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
    return work()
  }

  const { commit, release } = leases!
  const replayStore: ReplayStore = {
    ...store,
    leases: {
      ...leases!,
      commit: (key, use) => slowly('commit', () => commit(key, use)),
      release: (key, owner) => slowly('release', () => release(key, owner)),
    },
  }
  return { replayStore, ended }
}

export interface App {
  readonly major: Major
  /** Handles the first use of the link. Later uses are answered with JSON. */
  readonly first: Koa.Middleware
  /** In front of the guard, and behind it. */
  readonly outer?: Koa.Middleware
  readonly inner?: Koa.Middleware
  readonly guards?: 'one' | 'one twice' | 'two'
  /** Uses a link up at once where false. */
  readonly lease?: boolean
}

export interface Site {
  readonly ended: readonly ('commit' | 'release')[]
  /** Uses the link. */
  use(): Test
  /** The same, as its status. */
  status(): Promise<number>
}

export async function targetOfLink(): Promise<string> {
  const { url } = await createSigner(survey, { now }).sign({})
  return `/${new URL(url).search}`
}

/** Starts an app behind a leasing guard, with one link to it, and stops it afterwards. */
export async function onSite<Result>(app: App, work: (site: Site) => Promise<Result>) {
  const { replayStore, ended } = slowStore()
  const target = await targetOfLink()
  const handle = appOf(app, replayStore).callback()
  const server = createServer((req, res) => void handle(req, res)).listen(0, '127.0.0.1')
  const use: Site['use'] = () => request(server).post(target).redirects(0)
  try {
    return await work({ ended, use, status: async () => (await use()).status })
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

const passOn: Koa.Middleware = (_ctx, next) => next()

export function appOf(app: App, replayStore: ReplayStore): Koa {
  const { major, first, outer = passOn, inner = passOn, guards = 'one', lease = true } = app
  const options = { now, replayStore, ...(lease && { consume: { lease: 30 } }) }
  const make = () => requireSignedUser(survey, options) as Koa.Middleware // its state is not used here
  const guard = make()
  const more = { one: [], 'one twice': [guard], two: [make()] }[guards]
  let uses = 0
  const site = new MAJORS[major]()
  site.silent = true // else it writes errors to the console
  for (const step of [outer, guard, ...more, inner]) site.use(step)
  return site.use((ctx, next) => {
    if (uses++ > 0) return void (ctx.body = { uses })
    return first(ctx, next)
  })
}

export const USED = [401, 401]
export const FREE = [200, 401]

/** The status of the first use, and what later uses get. */
export async function threeUses(site: Site): Promise<readonly number[]> {
  return [await site.status(), await site.status(), await site.status()]
}

/** What a client sees, but for the date. */
export function seen({ status, headers, text, body }: Response): object {
  const { date: _, ...rest } = headers as Record<string, unknown>
  return { status, headers: rest, text, body: String(body) }
}

/** Answers past Koa. */
export const raw =
  (work: (res: Koa.Context['res']) => void): Koa.Middleware =>
  (ctx) => {
    ctx.respond = false
    ctx.res.statusCode = 200
    work(ctx.res)
  }
