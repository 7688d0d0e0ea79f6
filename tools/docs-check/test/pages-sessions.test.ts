import type { Express } from 'express'
import request from 'supertest'
import { createSigner, seggwat } from '@countersign/express'
import { run } from './run'
import { example } from './documents'

const secret = (process.env['SEGGWAT_SIGNING_SECRET'] = 'the secret of the page, and a long one')
const signer = createSigner(seggwat({ projectKey: 'acme', secret }))
const { app } = run<{ app: Express }>(example('docs/sessions-and-frames.md', 'portal.ts'))

describe('the page of sessions', () => {
  it('has a portal that exchanges a link for a session, and opens its page with that', async () => {
    const { pathname, search } = new URL((await signer.sign({ id: 42 })).url)
    const entered = await request(app).get(pathname + search)
    expect([entered.status, entered.headers['location']]).toEqual([303, pathname])
    const cookie = entered.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    const { text } = await request(app).get(pathname).set({ cookie })
    expect(text).toBe('Hello 42')
  })

  it('has a portal that shows a visitor without a link what to do', async () => {
    const { status, text } = await request(app).get('/p/acme')
    expect([status, text]).toEqual([401, 'Open the portal from your app.'])
  })
})
