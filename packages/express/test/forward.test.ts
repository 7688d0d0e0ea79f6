import express5, { type ErrorRequestHandler } from 'express'
import express4 from 'express4'
import request from 'supertest'
import { ConfigError, isRejection, keepRawBody, requireSignedUser, type Rejection } from '../src'
import { links, now, post, posts } from './signed'

describe.each([
  ['Express 4', express4],
  ['Express 5', express5],
])('`rejections: "forward"` on %s', (_name, express) => {
  const forward = { now, rejections: 'forward' } as const
  const bad = `/?token=x`

  it('gives the error handler the Rejection, its status and its detail', async () => {
    const seen: Rejection[] = []
    const app = express().use(requireSignedUser(links, forward))
    app.use(((error, _req, res, _next) => {
      if (isRejection(error)) seen.push(error)
      res.status(error.status).json({ ours: error.code })
    }) satisfies ErrorRequestHandler)
    const { status, body } = await request(app).get(bad)
    expect([status, body]).toEqual([401, { ours: 'token_malformed' }])
    expect(seen).toMatchObject([
      { code: 'token_malformed', status: 401, statusCode: 401, expose: true },
    ])
    expect(seen[0]?.detail).toContain('cannot be read')
  })

  it('gives the default handler what it needs for the right answer', async () => {
    const app = express()
      .set('env', 'test')
      .use(requireSignedUser([links, posts], forward))
    const answers = [
      await request(app).get('/'),
      await request(app).get(bad),
      await request(app).get(`${bad}&token=x`),
      await request(app).post('/').set('x-signature', 'a').send('{}'),
    ]
    expect(answers.map(({ status, headers }) => [status, headers['www-authenticate']])).toEqual([
      [401, 'Bearer'],
      [401, 'Bearer error="invalid_token", error_description="Invalid token"'],
      [400, 'Bearer error="invalid_request", error_description="Invalid request"'],
      [401, 'Bearer'],
    ])
  })

  it('gives it the ConfigError where a parser has eaten the body, with the one-line fix', async () => {
    const seen: unknown[] = []
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation()
    const app = express().use(express.json(), requireSignedUser(posts, forward))
    app.use(((error, _req, res, _next) => {
      seen.push(error)
      res.sendStatus(error.status)
    }) satisfies ErrorRequestHandler)
    expect((await post(app)).status).toBe(500)
    warned.mockRestore()
    expect(seen).toEqual([expect.any(ConfigError)])
    expect(seen[0]).toMatchObject({
      code: 'raw_body_unavailable',
      message: expect.stringContaining('express.json({ verify: keepRawBody })'),
    })
    const fixed = express().use(express.json({ verify: keepRawBody }))
    fixed.use(requireSignedUser(posts, forward), (req, res) => void res.json(req.body))
    expect((await post(fixed)).body).toEqual({ email: 'a@b.test' })
  })
})
