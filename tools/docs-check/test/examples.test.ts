import type { Express } from 'express'
import type Koa from 'koa'
import request from 'supertest'
import { createSigner, createVerifier, type RequestView, type Signed } from '@countersign/core'
import { fdback } from '@countersign/core/schemes'
import { complaints } from './complaints'
import { documents, example, examplesOf } from './documents'
import { run, runModule } from './run'
import { servers } from './servers'

const ANONYMOUS = { title: 'Authentication required', status: 401, code: 'credential_missing' }
const ADA = { id: '42', email: 'ada@example.com', name: 'Ada', subscriptionId: null }

const secret = 'the secret of the examples, long enough'
const { start, stop } = servers()

beforeAll(() => {
  for (const name of ['SEGGWAT_SIGNING', 'FEATKIT', 'FDBACK', 'HARLYY']) {
    process.env[`${name}_SECRET`] = secret
  }
})

afterAll(stop)

/** Where the README's app redirects its signed-in user. */
async function signedByTheApp(): Promise<URL> {
  const { app } = run<{ app: Express }>(example('README.md', 'app.ts'))
  const answer = request(await start(app)).get('/feedback')
  const { status, headers } = await answer.set('cookie', 'session=ada')
  expect(status).toBe(302)
  return new URL(headers['location'] as string) // it redirects
}

describe('the examples in the documents', () => {
  it('compile, and would not with a wrong name or a wrong type', () => {
    const code = `import { featkit, requireSignedUsers } from '@countersign/express'\nfeatkit({ secret: 3 })`
    const wrong = { name: 'wrong', document: 'wrong.md', file: undefined, code }
    const examples = documents().flatMap(examplesOf)
    expect(examples.length).toBeGreaterThanOrEqual(8)
    expect(complaints([...examples, wrong])).toEqual([
      expect.stringMatching(/^wrong: .*requireSignedUsers/),
      expect.stringMatching(/^wrong: .*number/),
    ])
  })
})

describe('the README', () => {
  it('has an app that redirects its signed-in user to the portal', async () => {
    const { origin, pathname } = await signedByTheApp()
    expect([origin, pathname]).toEqual(['https://seggwat.com', '/p/acme'])
  })

  it('has an app that redirects a signed-out visitor to its own login page', async () => {
    const { app } = run<{ app: Express }>(example('README.md', 'app.ts'))
    const { status, headers } = await request(await start(app)).get('/feedback')
    expect([status, headers['location']]).toEqual([302, '/login'])
  })

  it('has a portal that accepts the user that the app signed', async () => {
    const { app } = run<{ app: Express }>(example('README.md', 'portal.ts'))
    const { pathname, search } = await signedByTheApp()
    const answer = await request(await start(app)).get(`${pathname}${search}`)
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual(ADA)
  })

  it('has a portal that responds with 401 without a token, and logs why', async () => {
    const log = jest.spyOn(console, 'warn').mockImplementation()
    const { app } = run<{ app: Express }>(example('README.md', 'portal.ts'))
    const answer = await request(await start(app)).get('/p/acme')
    expect(log.mock.calls).toEqual([['credential_missing', 'no credential was sent']])
    log.mockRestore()
    expect(answer.status).toBe(401)
    expect(answer.type).toBe('application/problem+json')
    expect(answer.body).toMatchObject(ANONYMOUS)
  })
})

describe('the READMEs of the packages', () => {
  it('have a Koa portal that accepts the user that the app signed, and requires one', async () => {
    const { app } = run<{ app: Koa }>(example('packages/koa/README.md', 1))
    const origin = await start(app.callback())
    const refused = await request(origin).get('/')
    expect(refused.status).toBe(401)
    expect(refused.body).toMatchObject(ANONYMOUS)
    const accepted = await request(origin).get(`/${(await signedByTheApp()).search}`)
    expect(accepted.status).toBe(200)
    expect(accepted.body).toEqual({ scheme: 'seggwat', ...ADA })
  })

  it('have an Express portal that verifies the bytes that a parser has read', async () => {
    const { app } = run<{ app: Express }>(example('packages/express/README.md', 1))
    const origin = await start(app)
    const signer = createSigner(fdback({ workspaceId: 'ws1', secret }))
    const { url, headers, body } = await signer.sign({ email: 'zoë@example.com' })
    const post = request(origin)
      .post(new URL(url).pathname)
      .type('json')
      .set({ ...headers })
    const accepted = await post.send(body)
    expect(accepted.status).toBe(200)
    expect(accepted.body).toMatchObject({ scheme: 'fdback', id: 'zoë@example.com' })
    const refused = await request(origin).post(new URL(url).pathname).type('json').send(body)
    expect(refused.status).toBe(401)
    expect(refused.body).toMatchObject(ANONYMOUS)
  })

  it('have a core that signs a link, and verifies it or tells why not', async () => {
    const { link, userOf } = run<CoreExample>(example('packages/core/README.md', 1))
    const { token } = await link('42')
    expect(await userOf(asking(`/?token=${token}`))).toMatchObject({ id: '42' })
    expect(await userOf(asking('/'))).toBe('credential_missing')
  })
})

describe('the README of explain', () => {
  it('has a program that names what is wrong with a link', async () => {
    const log = jest.spyOn(console, 'log').mockImplementation()
    await runModule(example('packages/explain/README.md', 1))
    const lines = log.mock.calls.map((call) => call.join(' '))
    log.mockRestore()
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.join()).toContain('token')
  })
})

describe('the recipe for a scheme', () => {
  it('makes a scheme that verifies what it signs, and refuses what was changed', async () => {
    const { acme } = run<{ acme: typeof fdback }>(example('CONTRIBUTING.md', 1))
    const portal = acme({ secret, board: 'b1' } as never) // Acme's own options
    const { url } = await createSigner(portal).sign({ id: 7, email: 'a@example.com' } as never) // and user
    const target = url.replace('https://acme.example', '')
    expect(target).toMatch(/^\/b\/b1\?acme=[\w-]+\.[0-9a-f]{64}$/)
    const { verify } = createVerifier(portal)
    const user = { scheme: 'acme', id: '7', email: 'a@example.com', name: null }
    expect(await verify(asking(target))).toMatchObject({ ok: true, value: { user } })
    const changed = target.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
    expect(await verify(asking(changed))).toMatchObject({ error: { code: 'signature_invalid' } })
  })
})

interface CoreExample {
  link(id: string): Promise<Signed>
  userOf(request: RequestView): Promise<unknown>
}

function asking(target: string): RequestView {
  return {
    method: 'GET',
    target,
    headers: () => [],
    body: () => Buffer.alloc(0),
    native: undefined,
  }
}
