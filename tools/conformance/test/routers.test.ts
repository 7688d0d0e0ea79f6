import { requireSignedUser as onExpress } from '@countersign/express'
import { requireSignedUser as onKoa } from '@countersign/koa'
import type { Express } from 'express'
import type Koa from 'koa'
import { featkitQuery, now, portals, sendRaw, serveExpress, serveKoa } from '../src'
import type { EXPRESS, ExpressMajor, KoaMajor, RunningServer } from '../src'
import { quiet } from './quiet'

quiet()

type ExpressModule = (typeof EXPRESS)[ExpressMajor]

/** Sends a valid token, two tokens, a wrong one and none, and stops the server. */
async function statusesOf(server: RunningServer, path: string): Promise<readonly number[]> {
  const query = await featkitQuery()
  const statuses: number[] = []
  for (const sent of [query, `${query}&token=b`, 'token=%ff', '']) {
    statuses.push((await sendRaw(server.port, { target: `${path}?${sent}` })).status)
  }
  await server.close()
  return statuses
}

const AS_SENT = [200, 400, 401, 401]
const expressGuard = () => onExpress(portals().featkit, { now })
const koaGuard = () => onKoa(portals().featkit, { now })

const expressApps: Readonly<Record<string, (app: Express, module: ExpressModule) => unknown>> = {
  'has no query parser': (app) => app.set('query parser', false).use(expressGuard()),
  'has a query parser of its own': (app) =>
    app.set('query parser', () => ({ token: 'forged', 'token[]': [] })).use(expressGuard()),
  'shortens the URL in nested routers': (app, { Router }) =>
    app.use(Router().use('/portal', Router().use('/deep', expressGuard()))),
  'rewrites the URL': (app) => {
    app.use((req, _res, next) => ((req.url = '/portal?token=of-another-router'), next()))
    app.use('/portal', expressGuard())
  },
}

const koaApps: Readonly<Record<string, (app: Koa) => unknown>> = {
  'reads `ctx.query` with another parser': (app) => {
    Object.defineProperty(app.context, 'query', { get: () => ({ token: 'forged' }) })
    app.use(koaGuard())
  },
  'rewrites path and query in a mount': (app) => {
    app.use((ctx, next) => {
      ctx.path = ctx.path.replace(/^\/portal/, '') || '/'
      ctx.querystring = 'token=of-another-router'
      return next()
    })
    app.use(koaGuard())
  },
}

describe.each([4, 5] as const)('a guard in an Express %i app', (major) => {
  it.each(Object.entries(expressApps))(
    'reads the URL as sent where the app %s',
    async (_, mount) => {
      const server = await serveExpress(major, (app, module) => {
        mount(app, module)
        app.use((req, res) => void res.json(req.portalUser))
      })
      expect(await statusesOf(server, '/portal/deep')).toEqual(AS_SENT)
    },
  )
})

describe.each([2, 3] satisfies KoaMajor[])('a guard in a Koa %i app', (major) => {
  it.each(Object.entries(koaApps))('reads the URL as sent where the app %s', async (_, mount) => {
    const server = await serveKoa(major, (app) => {
      mount(app)
      app.use((ctx) => void (ctx.body = ctx.state['portalUser']))
    })
    expect(await statusesOf(server, '/portal')).toEqual(AS_SENT)
  })
})
