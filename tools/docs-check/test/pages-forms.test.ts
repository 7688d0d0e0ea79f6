import type { Express } from 'express'
import request from 'supertest'
import { createSigner, seggwat } from '@countersign/express'
import { run } from './run'
import { blocksOf, documents, example } from './documents'

for (const name of ['FEATKIT', 'SEGGWAT_SIGNING', 'HARLYY', 'FDBACK']) {
  process.env[`${name}_SECRET`] = `the ${name} secret of the pages, and long`
}

interface Page {
  readonly app: Express
}
const SESSIONS = 'docs/sessions-and-frames.md'
const cookie = 'session=ada'

beforeAll(() => void jest.spyOn(process, 'emitWarning').mockImplementation()) // of refused calls
afterAll(() => jest.restoreAllMocks())

describe('the forms of the pages', () => {
  const FORM = /<form method="post" action="([^"]*)" target="_blank" rel="noopener">/g
  const forms = documents()
    .filter((path) => path.startsWith('docs/'))
    .flatMap((path) =>
      blocksOf(path)
        .filter(({ language }) => language === 'html')
        .flatMap(({ code }) => [...code.matchAll(FORM)])
        .map(([, action = '']) => [path, action] as const),
    )

  it.each(forms)('open a portal from a tab of their own: %s %s', async (path, action) => {
    const { app } = run<Page>(example(path, 'app.ts'))
    const { status, headers } = await request(app).post(action).set({ cookie })
    expect(headers['location'] ?? headers['content-type']).toMatch(/^https:|^text\/html/)
    expect([200, 302]).toContain(status)
  })

  it('are on five pages', () => {
    expect(forms).toHaveLength(5)
  })
})

describe('the page of sessions', () => {
  it('has a portal that exchanges a link for a session', async () => {
    const { app } = run<Page>(example(SESSIONS, 'portal.ts'))
    const secret = process.env['SEGGWAT_SIGNING_SECRET']
    const { token } = await createSigner(seggwat({ projectKey: 'acme', secret })).sign({
      id: 'ada',
    })
    await request(app).get('/p/acme').expect(401)
    const entered = await request(app).get('/p/acme').query({ token }).expect(303)
    expect(entered.headers['location']).toBe('/p/acme')
    const [session = ''] = String(entered.headers['set-cookie']).split(';')
    await request(app).get('/p/acme').set('cookie', session).expect(200, 'Hello ada')
  })

  it('has an app that sends visitors back to the page from which they came', async () => {
    const { app } = run<Page>(example(SESSIONS, 'app.ts'))
    const asking = `/feedback?return_to=${encodeURIComponent('/p/acme/ideas/7')}`
    const back = await request(app).get(asking).set({ cookie }).expect(302)
    expect(new URL(String(back.headers['location'])).searchParams.get('return_to')).toBe(
      '/p/acme/ideas/7',
    )
    const signedOut = await request(app).get(asking).expect(302)
    expect(signedOut.headers['location']).toBe(`/login?return_to=${encodeURIComponent(asking)}`)
  })
})
