import { memoryReplayStore } from '@countersign/express'
import type { Express } from 'express'
import request from 'supertest'
import { createApp } from '../src/app/site'
import { createPortals, type Portals } from '../src/portals'
import { createRequestLog } from '../src/request-log'
import { SECRETS } from './running-demo'

export const APP = 'http://app.example'
export const PORTAL = 'http://portal.example'

/** The app alone, in this process: no database, no portal site. */
export interface DemoApp {
  readonly app: Express
  readonly portals: Portals
  /** What the terminal shows. */
  readonly printed: string[]
}

export function demoApp(): DemoApp {
  const printed: string[] = []
  const portals = createPortals(SECRETS, PORTAL)
  const app = createApp({
    portals,
    appOrigin: APP,
    portalOrigin: PORTAL,
    secrets: SECRETS,
    replayStore: memoryReplayStore(),
    log: createRequestLog((line) => printed.push(line)),
  })
  return { app, portals, printed }
}

/** The session cookie of a user; '' signs out. */
export async function cookieOf(app: Express, user: string): Promise<string> {
  const { headers } = await request(app).post('/session').type('form').send({ user })
  return headers['set-cookie']![0]!.split(';')[0]!
}
