import express, { type Express } from 'express'
import jwt from 'jsonwebtoken'
import request from 'supertest'
import { createSession } from '../src/session'

const SECRET = 'a-secret-for-the-session-of-these-tests'

function site(now: () => number, name = 'session'): Express {
  const session = createSession<{ readonly who: string }>({
    name,
    secret: SECRET,
    lifetime: 60,
    now,
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
  it('knows its visitor for as long as it lives, and not a second longer', async () => {
    let now = 1_800_000_000_000
    const app = site(() => now)
    const cookie = await started(app)
    now += 59_999
    expect(await read(app, cookie)).toEqual({ who: 'ada' })
    now += 1
    expect(await read(app, cookie)).toBeNull()
  })

  it('finds its cookie among others', async () => {
    const app = site(Date.now)
    const cookie = await started(app)
    expect(await read(app, `my${cookie}x; ${cookie}; other=1`)).toEqual({ who: 'ada' })
  })

  it('does not read the cookie of another session of the same site', async () => {
    const cookie = await started(site(Date.now, 'other'))
    expect(await read(site(Date.now), cookie.replace('other', 'session'))).toBeNull()
  })

  it.each([
    ['unsigned', jwt.sign({ data: { who: 'eve' }, aud: 'session' }, '', { algorithm: 'none' })],
    ['signed with another secret', jwt.sign({ data: { who: 'eve' }, aud: 'session' }, 'another')],
    ['signed with another algorithm', hs512()],
    ['empty', ''],
  ])('knows nobody by a cookie that is %s', async (_how, value) => {
    expect(await read(site(Date.now), `session=${value}`)).toBeNull()
  })
})

function hs512(): string {
  return jwt.sign({ data: { who: 'eve' }, aud: 'session' }, SECRET, { algorithm: 'HS512' })
}
