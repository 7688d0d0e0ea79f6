import express, { type Express } from 'express'
import jwt from 'jsonwebtoken'
import request from 'supertest'
import { createSession } from '../src/session'

const SECRET = 'a-secret-for-the-session-of-these-tests'

type Options = Partial<Parameters<typeof createSession>[0]>

function site(options: Options = {}): Express {
  const session = createSession<{ readonly who: string }>({
    name: 'session',
    secret: SECRET,
    lifetime: 60,
    ...options,
  })
  return express()
    .get('/start', (_req, res) => {
      session.start(res, { who: 'ada' })
      res.end()
    })
    .get('/read', (req, res) => void res.json(session.read(req)))
}

async function started(app: Express): Promise<string> {
  const { headers } = await request(app).get('/start')
  return headers['set-cookie']![0]!.split(';')[0]!
}

async function read(app: Express, cookie: string): Promise<unknown> {
  return (await request(app).get('/read').set('Cookie', cookie)).body
}

describe('a session', () => {
  it('ends when its lifetime does', async () => {
    let now = 1_800_000_000_000
    const app = site({ now: () => now })
    const cookie = await started(app)
    now += 59_999
    expect(await read(app, cookie)).toEqual({ who: 'ada' })
    now += 1
    expect(await read(app, cookie)).toBeNull()
  })

  it('finds its cookie among others', async () => {
    const app = site()
    const cookie = await started(app)
    expect(await read(app, `my${cookie}x; ${cookie}; other=1`)).toEqual({ who: 'ada' })
  })

  it('does not read the cookie of another session of the same site', async () => {
    const cookie = await started(site({ name: 'other' }))
    expect(await read(site(), cookie.replace('other', 'session'))).toBeNull()
  })

  it.each<[string, Options, RegExp]>([
    ['at the top', {}, /; HttpOnly; SameSite=Lax$/],
    ['at the top, by https', { https: true }, /; HttpOnly; Secure; SameSite=Lax$/],
    ['in a frame', { shown: 'frame' }, /; HttpOnly; Secure; Partitioned; SameSite=None$/],
  ])('has a cookie that browsers keep %s', async (_where, options, attributes) => {
    const { headers } = await request(site(options)).get('/start')
    expect(headers['set-cookie']![0]).toMatch(attributes)
  })

  it.each([
    ['unsigned', jwt.sign({ data: { who: 'eve' }, aud: 'session' }, '', { algorithm: 'none' })],
    ['signed with another secret', jwt.sign({ data: { who: 'eve' }, aud: 'session' }, 'another')],
    ['signed with another algorithm', hs512()],
    ['empty', ''],
  ])('refuses a cookie that is %s', async (_how, value) => {
    expect(await read(site(), `session=${value}`)).toBeNull()
  })
})

function hs512(): string {
  return jwt.sign({ data: { who: 'eve' }, aud: 'session' }, SECRET, { algorithm: 'HS512' })
}
