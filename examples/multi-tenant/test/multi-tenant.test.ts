import { createSigner, fdback, seggwat } from '@countersign/express'
import { describePortal } from '@countersign/testing'
import { Database } from 'node-sqlite3-wasm'
import request, { type Response, type Test } from 'supertest'
import { createApp } from '../src/app'
import { secretsIn, type StoredSecret } from '../src/secrets'

const START = Date.UTC(2026, 0, 15, 12)
const ada = { id: '7', email: 'ada@example.com', name: 'Ada' }

let time: number
const now = (): number => time

function setUp() {
  time = START
  const db = new Database()
  const secrets = secretsIn(db)
  const secret = secrets.add('acme', 'seggwat')
  const workspaceSecret = secrets.add('acme', 'fdback')
  return { db, secrets, secret, workspaceSecret, app: createApp({ secrets, now }) }
}

/** What the project's own backend does with the secret that it was given. */
async function sign({ value }: StoredSecret, projectKey = 'acme'): Promise<string> {
  const { token } = await createSigner(seggwat({ projectKey, secret: value }), { now }).sign(ada)
  return token!
}

async function signRequest({ value }: StoredSecret, workspaceId = 'acme') {
  return createSigner(fdback({ workspaceId, secret: value }), { now }).sign(ada)
}

describe('the users of each project', () => {
  const { app, secret, workspaceSecret, secrets } = setUp()
  secrets.add('globex', 'seggwat')
  const clock = { now: () => START }
  const whoami = ({ body }: { readonly body: unknown }) =>
    (body as { readonly user: { readonly id: unknown } }).user.id

  const links = seggwat({ projectKey: 'acme', secret })
  describePortal(app, { route: '/p/acme', portal: links, whoami, ...clock })

  const workspace = fdback({ workspaceId: 'acme', secret: workspaceSecret })
  describePortal(app, { route: '/api/auth/sdk-login', portal: workspace, whoami, ...clock })
})

describe('a portal for many projects', () => {
  let setup: ReturnType<typeof setUp>
  beforeEach(() => (setup = setUp()))

  const open = (project: string, token: string): Test =>
    request(setup.app).get(`/p/${project}`).query({ token })

  it('lets the users of a project in', async () => {
    const { body } = await open('acme', await sign(setup.secret)).expect(200)
    expect(body).toMatchObject({ project: 'acme', user: { scheme: 'seggwat', id: '7' } })
  })

  it('refuses what another project signed', async () => {
    const other = setup.secrets.add('globex', 'seggwat')
    const { body } = await open('acme', await sign(other, 'acme')).expect(401)
    expect(body.code).toBe('invalid_token')
    await open('globex', await sign(other, 'globex')).expect(200)
  })

  it('refuses what the project signed for another one', async () => {
    const { body } = await open('acme', await sign(setup.secret, 'globex')).expect(401)
    expect(body.code).toBe('audience_mismatch')
  })

  it.each(['nobody', 'ACME', 'acme,acme', 'acme%20', 'constructor', '%E2%80%AE'])(
    'does not say that there is no project /p/%s',
    async (project) => {
      const token = await sign(setup.secret)
      const unknown = await open(project, token).expect(401)
      const forged = await open('acme', await sign(setup.workspaceSecret)).expect(401)
      expect(unknown.body.code).toBe('invalid_token')
      expect(unknown.text).toBe(forged.text)
      expect(Object.keys(unknown.headers)).toEqual(Object.keys(forged.headers))
    },
  )

  it('answers 503 while the database does not', async () => {
    const token = await sign(setup.secret)
    setup.db.close()
    const { body, headers } = await open('acme', token).expect(503)
    expect(body.code).toBe('secret_unavailable')
    expect(headers['retry-after']).toBe('1')
  })

  it("takes fdback's workspace from its header", async () => {
    const { headers, body } = await signRequest(setup.workspaceSecret)
    const login = await request(setup.app)
      .post('/api/auth/sdk-login')
      .set(headers)
      .send(body)
      .expect(200)
    expect(login.body).toMatchObject({ project: 'acme', user: { id: 'ada@example.com' } })
  })

  it('refuses a request of one workspace that names another', async () => {
    setup.secrets.add('globex', 'fdback')
    const { headers, body } = await signRequest(setup.workspaceSecret)
    const login = await request(setup.app)
      .post('/api/auth/sdk-login')
      .set({ ...headers, 'x-workspace-id': 'globex' })
      .send(body)
      .expect(401)
    expect(login.body.code).toBe('invalid_token')
  })
})

describe('a rotation', () => {
  let setup: ReturnType<typeof setUp>
  beforeEach(() => (setup = setUp()))

  const MINUTE = 60_000 // for so long the portal believes what it looked up
  const open = async (secret: StoredSecret): Promise<Response> =>
    request(setup.app)
      .get('/p/acme')
      .query({ token: await sign(secret) })

  it('knows the new secret a minute later', async () => {
    await open(setup.secret)
    const next = setup.secrets.add('acme', 'seggwat')
    time += MINUTE - 1
    const early = await open(next)
    expect([early.status, early.body.code]).toEqual([401, 'invalid_token'])
    time += 1
    expect((await open(next)).status).toBe(200)
  })

  it('lets the old secret sign beside the new one, and notes when it last did', async () => {
    const { secret: old, secrets } = setup
    const next = secrets.add('acme', 'seggwat')
    const statuses = [await open(next), await open(old), await open(next)].map((res) => res.status)
    expect(statuses).toEqual([200, 200, 200])
    expect(secrets.list('acme')).toEqual([
      { id: Number(old.id), scheme: 'seggwat', last_signed: '2026-01-15T12:00:00.000Z' },
      { id: expect.any(Number), scheme: 'fdback', last_signed: '' },
      { id: Number(next.id), scheme: 'seggwat', last_signed: '' },
    ])
  })

  it('notes the same of a fdback workspace', async () => {
    const { app, secrets, workspaceSecret: old } = setup
    secrets.add('acme', 'fdback')
    const { headers, body } = await signRequest(old)
    await request(app).post('/api/auth/sdk-login').set(headers).send(body).expect(200)
    expect(secrets.list('acme')[1]).toMatchObject({ last_signed: '2026-01-15T12:00:00.000Z' })
  })

  it('keeps the latest note, whichever link is opened last', async () => {
    const { secret: old, secrets } = setup
    secrets.add('acme', 'seggwat')
    const earlier = await sign(old)
    time += MINUTE
    await open(old)
    await request(setup.app).get('/p/acme').query({ token: earlier }).expect(200)
    expect(secrets.list('acme')[0]).toMatchObject({ last_signed: '2026-01-15T12:01:00.000Z' })
  })

  it('forgets a removed secret a minute later', async () => {
    const { secret: old, secrets } = setup
    const next = secrets.add('acme', 'seggwat')
    await open(next)
    secrets.remove(old.id)
    time += MINUTE
    const late = await open(old)
    expect([late.status, late.body.code]).toEqual([401, 'invalid_token'])
    expect((await open(next)).status).toBe(200)
  })

  it('ends the rotation before with the third secret', async () => {
    setup.secrets.add('acme', 'seggwat')
    setup.secrets.add('acme', 'seggwat')
    expect((await open(setup.secret)).status).toBe(401)
  })

  it('notes nothing while there is one secret', async () => {
    await open(setup.secret)
    expect(setup.secrets.list('acme')[0]).toMatchObject({ last_signed: '' })
  })
})
