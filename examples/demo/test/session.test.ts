import express, { type Express } from 'express'
import jwt, { type Algorithm } from 'jsonwebtoken'
import request from 'supertest'
import { createSession } from '../src/session'

const SECRET = 'a-secret-for-the-session-of-these-tests'
const NAMED = { name: 'session', secret: SECRET, lifetime: 60, origin: 'http://localhost' }

type Options = Partial<Parameters<typeof createSession>[0]>

function site(options: Options = {}): Express {
  const session = createSession<{ readonly who: string }>({ ...NAMED, ...options })
  return express()
    .get('/start', (_req, res) => {
      session.start(res, { who: 'ada' })
      res.end()
    })
    .get('/read', (req, res) => void res.json(session.read(req)))
}

async function started(app: Express): Promise<string> {
  return (await request(app).get('/start')).headers['set-cookie']![0]!
}

async function read(app: Express, cookie: string): Promise<unknown> {
  return (await request(app).get('/read').set('Cookie', cookie)).body
}

describe('a session', () => {
  it('ends when its lifetime does', async () => {
    let now = 1_800_000_000_000
    const app = site({ now: () => now })
    const cookie = (await started(app)).split(';')[0]!
    now += 59_999
    expect(await read(app, `my${cookie}x; ${cookie}; other=1`)).toEqual({ who: 'ada' })
    now += 1
    expect(await read(app, cookie)).toBeNull()
  })

  it('does not read the cookie of another session of the same site', async () => {
    const cookie = await started(site({ name: 'other' }))
    expect(await read(site(), cookie.replace('other', 'session'))).toBeNull()
  })

  it.each<[string, Options, RegExp]>([
    ['at the top', {}, /; HttpOnly; SameSite=Lax$/],
    ['at the top, by https', { origin: 'https://x' }, /; HttpOnly; Secure; SameSite=Lax$/],
    ['in a frame', { inFrame: true }, /; HttpOnly; Secure; Partitioned; SameSite=None$/],
  ])('has a cookie that browsers keep %s', async (_where, options, attributes) => {
    expect(await started(site(options))).toMatch(attributes)
  })

  it.each<[string, string, Algorithm]>([
    ['unsigned', '', 'none'],
    ['signed with another secret', 'another', 'HS256'],
    ['signed with another algorithm', SECRET, 'HS512'],
  ])('refuses a cookie that is %s', async (_how, secret, algorithm) => {
    const forged = jwt.sign({ data: { who: 'eve' }, aud: 'session' }, secret, { algorithm })
    expect(await read(site(), `session=${forged}`)).toBeNull()
  })
})
