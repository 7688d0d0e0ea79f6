import * as expressPackage from '@countersign/express'
import * as koaPackage from '@countersign/koa'
import {
  catalogue,
  cataloguePortal,
  sendRaw,
  serveExpress,
  serveKoa,
  type RunningServer,
} from '../src'
import { forge } from './forge'

const now = (): number => catalogue.now
const secret = catalogue.secrets.A
const markup = { email: 'user@example.com', name: '</script><script>alert(1)</script>' }

const links = expressPackage.seggwat({ secret, projectKey: catalogue.projectKey })
const posts = expressPackage.fdback({ secret, workspaceId: 'ws_demo' })
const person = { id: 'user-1', ...markup }

function onExpress(major: 4 | 5): Promise<RunningServer> {
  const { requireSignedUser, signEndpoint } = expressPackage
  return serveExpress(major, (app) => {
    app.all('/portal', requireSignedUser(cataloguePortal('featkit'), { now }), (_req, res) => {
      res.end('seen')
    })
    app.all('/sign', signEndpoint(links, { user: () => person, now }))
    app.all('/go', signEndpoint(links, { user: () => person, now, respond: 'redirect' }))
    app.all('/post', signEndpoint(posts, { user: () => markup, now }))
  })
}

function onKoa(major: 2 | 3): Promise<RunningServer> {
  const { requireSignedUser, signEndpoint } = koaPackage
  const guard = requireSignedUser(cataloguePortal('featkit'), { now })
  const routes = new Map([
    ['/sign', signEndpoint(links, { user: () => person, now })],
    ['/go', signEndpoint(links, { user: () => person, now, respond: 'redirect' })],
    ['/post', signEndpoint(posts, { user: () => markup, now })],
  ])
  return serveKoa(major, (app) => {
    app.use((ctx, next) => routes.get(ctx.path)?.(ctx, next) ?? next())
    app.use((ctx, next) => (ctx.path === '/portal' ? guard(ctx, next) : undefined))
    app.use((ctx) => void (ctx.body = 'seen'))
  })
}

const apps = [
  { name: 'Express 4', start: () => onExpress(4) },
  { name: 'Express 5', start: () => onExpress(5) },
  { name: 'Koa 2', start: () => onKoa(2) },
  { name: 'Koa 3', start: () => onKoa(3) },
]

describe.each(apps)('an app with every route of the library, on $name', ({ start }) => {
  let server: RunningServer
  const ask = (target: string, method = 'GET') => sendRaw(server.port, { method, target })
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.close())

  it.each(['production', 'development'])(
    'LK-09: has no page of our own for tests or development, in %s',
    async (environment) => {
      const restore = jest.replaceProperty(process, 'env', {
        ...process.env,
        NODE_ENV: environment,
      })
      for (const page of ['dev', 'test', 'test-link', 'debug', 'playground', 'explain', '']) {
        for (const base of ['/', '/countersign/', '/__countersign/', '/portal/', '/sign/']) {
          const { status } = await ask(base + page)
          const ours = page === '' && (base === '/portal/' || base === '/sign/') // a trailing slash
          expect([base + page, ours || status]).toEqual([base + page, ours || 404])
        }
      }
      restore.restore()
    },
  )

  it('LK-10: answers a name that is markup as data, never as a page', async () => {
    for (const [target, method] of [
      ['/sign', 'GET'],
      ['/post', 'POST'],
    ] as const) {
      const { status, headers, body } = await ask(target, method)
      expect(status).toBe(200)
      expect(headers['content-type']).toMatch(/^application\/json(?:; charset=utf-8)?$/)
      expect(headers['x-content-type-options']).toBe('nosniff')
      const { body: signed = '{}' } = JSON.parse(body) as { readonly body?: string }
      const { name } = JSON.parse(signed) as { readonly name?: string }
      expect(name).toBe(target === '/post' ? markup.name : undefined)
    }
  })

  it('LK-10: sends a browser on with no page at all', async () => {
    const { status, headers, body } = await ask('/go')
    expect(status).toBe(302)
    expect(headers['location']).toMatch(/^https:\/\/seggwat\.com\/p\/abc123-demo\?token=[\w.-]+$/)
    expect(headers['content-type'] ?? '').not.toMatch(/html/)
    expect(body).toBe('')
  })

  it('LK-10: lets in a user whose name is markup, and leaves the writing to the app', async () => {
    const { status, body } = await ask(forge('featkit', { claims: { name: markup.name } }).target)
    expect([status, body]).toEqual([200, 'seen'])
  })
})

describe('LK-09: the packages', () => {
  it.each([
    ['@countersign/express', expressPackage],
    ['@countersign/koa', koaPackage],
  ])('export nothing that makes a page: %s', (_, exported) => {
    const names = Object.keys(exported)
    expect(names).toContain('requireSignedUser')
    const pages = names.filter((name) =>
      /page|dev|debug|playground|explain|html|render/i.test(name),
    )
    expect(pages).toEqual([])
  })
})
