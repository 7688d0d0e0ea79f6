import { createServer } from 'node:http'
import {
  createSigner,
  harlyy,
  memoryReplayStore,
  requireSignedUser,
  type ReplayStore,
} from '../src'
import express5, { type ErrorRequestHandler, type RequestHandler } from 'express'
import express4 from 'express4'
import request, { type Response, type Test } from 'supertest'

const NOW = Date.UTC(2026, 10, 20)
const now = (): number => NOW
const secret = 'a-secret-of-the-lease-tests-0123456789'
const survey = harlyy({ secret, businessId: 'acme', surveyId: 'lunch' })

export const MAJORS = { 4: express4, 5: express5 } as const
export type Major = keyof typeof MAJORS

/** A memory store that records the end of a lease a few turns later. */
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

interface App {
  readonly major: Major
  /** Handles the first use of the link. Later uses are answered with JSON. */
  readonly first: RequestHandler
  /** In front of the guard, and behind it. */
  readonly outer?: RequestHandler
  readonly inner?: RequestHandler
  readonly onError?: ErrorRequestHandler
  readonly guards?: 'one' | 'one twice' | 'two'
  /** Uses a link up at once where false. */
  readonly lease?: boolean
}

export interface Site extends ReturnType<typeof slowStore> {
  /** Uses the link. */
  use(): Test
  /** The same, as its status. */
  status(): Promise<number>
}

/** Starts an app behind a leasing guard, with one link to it, and stops it afterwards. */
export async function onSite<Result>(app: App, work: (site: Site) => Promise<Result>) {
  const store = slowStore()
  const { url } = await createSigner(survey, { now }).sign({})
  const target = `/${new URL(url).search}`
  const server = createServer(appOf(app, store.replayStore)).listen(0, '127.0.0.1')
  const use: Site['use'] = () => request(server).post(target).redirects(0)
  try {
    return await work({ ...store, use, status: async () => (await use()).status })
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

const passOn: RequestHandler = (_req, _res, next) => next()

function appOf(app: App, replayStore: ReplayStore) {
  const {
    major,
    first,
    outer = passOn,
    inner = passOn,
    onError,
    guards = 'one',
    lease = true,
  } = app
  const options = { now, replayStore, ...(lease && { consume: { lease: 30 } }) }
  const guard = requireSignedUser(survey, options)
  const more = { one: [], 'one twice': [guard], two: [requireSignedUser(survey, options)] }[guards]
  let uses = 0
  const site = MAJORS[major]().set('env', 'test') // in any other, Express writes errors to the console
  site.use(outer, guard, ...more, inner, (req, res, next) => {
    if (uses++ > 0) return void res.json({ uses })
    return first(req, res, next)
  })
  if (onError) site.use(onError)
  return site
}

export const USED = [401, 401]
export const FREE = [200, 401]

/** The status of the first use, and what later uses get. */
export async function threeUses(site: Site): Promise<readonly number[]> {
  return [await site.status(), await site.status(), await site.status()]
}

/** What a client sees, but for the date and the value of a cookie. */
export function seen({ status, headers, text, body }: Response): object {
  const { date: _, 'set-cookie': cookie, ...rest } = headers as Record<string, unknown>
  return { status, headers: rest, hasCookie: cookie !== undefined, text, body: String(body) }
}
