import type { RequestListener } from 'node:http'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { fdback } from '@countersign/express'
import { describePortal, describeSignEndpoint, signed, testSecret } from '@countersign/testing'
import jwt from 'jsonwebtoken'
import request from 'supertest'
import { createApp } from '../src/main'

const SECRET = testSecret('fdback')
const SESSION_SECRET = 'The-secret-of-our-own-session-cookies-2026'

process.env['FDBACK_WORKSPACE_ID'] = 'ws_lantern'
process.env['FDBACK_SECRET'] = SECRET
process.env['SESSION_SECRET'] = SESSION_SECRET

const portal = fdback({ workspaceId: 'ws_lantern', secret: SECRET })
const ada = { email: 'ada@example.com', name: 'Ada' }
const asUser = { cookie: `session=${jwt.sign(ada, SESSION_SECRET)}` }

let app: NestExpressApplication
beforeAll(async () => {
  app = await createApp({ logger: false })
  await app.init()
})
afterAll(() => app.close())

const server: RequestListener = (req, res) => app.getHttpAdapter().getInstance()(req, res)
const whoami = ({ body }: { readonly body: unknown }) => (body as { id: unknown }).id
describePortal(server, { route: '/api/auth/sdk-login', portal, whoami })
describeSignEndpoint(server, {
  route: '/api/portal/sign',
  portal,
  asUser,
  user: ada,
  secret: SECRET,
})

it('signs the user of the session, and the controller gets that user', async () => {
  const { body } = await request(app.getHttpServer())
    .post('/api/portal/sign')
    .set(asUser)
    .expect(200)
  expect(JSON.parse(body.body)).toEqual(ada)
  const login = request(app.getHttpServer()).post('/api/auth/sdk-login')
  await signed(login, portal, ada).expect(201, { id: 'ada@example.com' })
})

it('refuses a session that another secret signed', async () => {
  const cookie = `session=${jwt.sign(ada, 'Not-the-secret-of-our-own-sessions-2026')}`
  await request(app.getHttpServer()).post('/api/portal/sign').set({ cookie }).expect(401)
})
