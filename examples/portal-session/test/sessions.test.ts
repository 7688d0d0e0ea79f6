import './environment' // first: the sites read it when they are loaded
import { getRequestListener } from '@hono/node-server'
import { serve, type Site } from '@countersign/browser-tests'
import { createSigner } from '@countersign/core'
import { app as withCookieSession } from '../src/cookie-session'
import { app as withExpressSession } from '../src/express-session'
import { app as withFastifySession } from '../src/fastify-session'
import { app as withHono } from '../src/hono'
import { handler as withIronSession } from '../src/iron-session'
import { app as withKoaSession } from '../src/koa-session'
import { portal } from '../src/portal'

type Listener = Parameters<typeof serve>[1]

const fastified = async (): Promise<Listener> => {
  await withFastifySession.ready()
  return (req, res) => withFastifySession.routing(req, res)
}

const PACKAGES: readonly [
  string,
  'in a store' | 'in the cookie',
  () => Listener | Promise<Listener>,
][] = [
  ['express-session', 'in a store', () => withExpressSession],
  ['cookie-session', 'in the cookie', () => withCookieSession],
  ['koa-session', 'in a store', () => withKoaSession.callback()],
  ['@fastify/session', 'in a store', fastified],
  ['iron-session', 'in the cookie', () => getRequestListener(withIronSession)],
  ['a session of Hono', 'in a store', () => getRequestListener(withHono.fetch)],
]

async function linkOf(id: string): Promise<string> {
  const { url } = await createSigner(portal).sign({ id })
  return url.replace('https://seggwat.com', '')
}

describe.each(PACKAGES)('a portal with %s, whose session is %s', (_, where, listener) => {
  let site: Site
  beforeAll(async () => {
    site = await serve('127.0.0.1', await listener())
  })
  afterAll(() => site.close())

  async function ask(path: string, cookie = '', method = 'GET') {
    const request = { method, headers: { cookie }, redirect: 'manual' } as const
    const response = await fetch(site.origin + path, request)
    const cookies = response.headers.getSetCookie().map((each) => each.split(';', 1)[0])
    const { status, headers } = response
    const body = status === 200 ? ((await response.json()) as object | null) : null
    return { status, location: headers.get('location'), cookie: cookies.join('; '), body }
  }
  const gone = { status: 303, location: '/p/acme' }

  it('makes a session of a link, and knows the user then', async () => {
    const entered = await ask(await linkOf('ada'))
    expect(entered).toMatchObject({ ...gone, cookie: expect.stringContaining('=') })
    expect((await ask('/p/acme', entered.cookie)).body).toMatchObject({ id: 'ada' })
    expect((await ask('/p/acme')).body).toBeNull()
  })

  it('gives the user a new session, so that one that was known before is worth nothing', async () => {
    const planted = await ask('/p/acme', '', 'POST')
    const entered = await ask(await linkOf('ada'), planted.cookie)
    expect(entered.cookie).not.toBe('')
    expect(entered.cookie).not.toContain(planted.cookie)
    expect((await ask('/p/acme', planted.cookie)).body).toBeNull()
    expect((await ask('/p/acme', entered.cookie)).body).toMatchObject({ id: 'ada' })
  })

  it('tells a visitor who was somebody else, and ends that session', async () => {
    const ada = await ask(await linkOf('ada'))
    const zoe = await ask(await linkOf('zoe'), ada.cookie)
    const body = { id: 'zoe', notice: 'You were ada before.' }
    expect((await ask('/p/acme', zoe.cookie)).body).toMatchObject(body)
    const before = (await ask('/p/acme', ada.cookie)).body as { readonly id: string } | null
    // nothing can call back a session that is in a cookie
    expect(before?.id).toBe(where === 'in a store' ? undefined : 'ada')
  })

  it('keeps the session when the same link is opened again', async () => {
    const link = await linkOf('ada')
    const { cookie } = await ask(link)
    const again = await ask(link, cookie)
    expect(again).toMatchObject(gone)
    expect(['', cookie]).toContain(again.cookie) // some packages send it with each response
  })

  it('refuses a forged link', async () => {
    expect((await ask(`${await linkOf('ada')}x`)).status).toBe(401)
  })
})
