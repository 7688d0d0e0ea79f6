import { requireSignedUser, seggwat } from '@countersign/express'
import { testSecret } from '@countersign/testing'
import express, { type Request, type Response } from 'express'
import jwt from 'jsonwebtoken'
import request from 'supertest'
import { createApp } from '../src/app'

const NOW = Date.UTC(2026, 0, 15, 12)
const SECRET = testSecret('seggwat')
const SESSION_SECRET = 'The-secret-of-our-own-session-cookies-2026'

process.env['SEGGWAT_PROJECT_KEY'] = 'lantern'
process.env['SEGGWAT_SIGNING_SECRET'] = SECRET
process.env['SESSION_SECRET'] = SESSION_SECRET

const app = createApp({ now: () => NOW })

function pageFor(claims: object) {
  return request(app)
    .get('/feedback')
    .set('Cookie', `session=${jwt.sign(claims, SESSION_SECRET)}`)
}

/** The address that a browser would load into the iframe. */
function frameOf(html: string): URL {
  const [, src = ''] = /<iframe src="([^"]*)"/.exec(html) ?? []
  return new URL(src.replaceAll('&#38;', '&'))
}

/** The portal, as far as it matters here, at a given time. */
function portalAt(now: number) {
  const guard = requireSignedUser(seggwat({ projectKey: 'lantern', secret: SECRET }), {
    now: () => now,
  })
  const answer = (req: Request, res: Response): unknown => res.json(req.portalUser)
  return express().get('/p/lantern', guard, answer)
}

describe('the feedback page', () => {
  it('shows the portal to the user of the session', async () => {
    const { text } = await pageFor({ sub: '7', name: 'Ada' })
      .expect(200)
      .expect('Content-Type', /html/)
    const { origin, pathname, search, searchParams } = frameOf(text)
    expect(origin + pathname).toBe('https://seggwat.com/p/lantern')
    expect(searchParams.get('embed')).toBe('true')
    const { body } = await request(portalAt(NOW))
      .get(pathname + search)
      .expect(200)
    expect(body).toMatchObject({ id: '7', name: 'Ada' })
  })

  it('signs for one hour', async () => {
    const { text } = await pageFor({ sub: '7' }).expect(200)
    const { pathname, search } = frameOf(text)
    await request(portalAt(NOW + 3_599_999))
      .get(pathname + search)
      .expect(200)
    const late = await request(portalAt(NOW + 3_600_000))
      .get(pathname + search)
      .expect(401)
    expect(late.body.code).toBe('token_expired')
  })

  it('signs anew for each page', async () => {
    const ada = await pageFor({ sub: '7' }).expect(200)
    const bob = await pageFor({ sub: '8' }).expect(200)
    const { pathname, search } = frameOf(bob.text)
    expect(frameOf(ada.text).search).not.toBe(search)
    const { body } = await request(portalAt(NOW))
      .get(pathname + search)
      .expect(200)
    expect(body.id).toBe('8')
  })

  it('is kept by no cache, and frames the portal alone', async () => {
    const { headers } = await pageFor({ sub: '7' }).expect(200)
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['content-security-policy']).toBe(
      "default-src 'self'; frame-src https://seggwat.com; frame-ancestors 'self'",
    )
  })

  it('treats a name as text, on the page and in the token', async () => {
    const name = `<script>alert("1")</script> & 'co'`
    const { text } = await pageFor({ sub: '7', name }).expect(200)
    expect(text).not.toContain('<script')
    expect(text).toContain('&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62; &#38; &#39;co&#39;')
    const { pathname, search } = frameOf(text)
    const { body } = await request(portalAt(NOW))
      .get(pathname + search)
      .expect(200)
    expect(body.name).toBe(name)
  })

  it('writes the address so that HTML gives it back as it was', async () => {
    const { text } = await pageFor({ sub: '7' }).expect(200)
    expect(text).toMatch(/src="https:\/\/seggwat\.com\/p\/lantern\?token=[\w.-]+&#38;embed=true"/)
  })

  it('asks a stranger to sign in, and signs nothing', async () => {
    const { headers, text } = await request(app).get('/feedback').expect(302)
    expect(headers['location']).toBe('/login')
    expect(text).not.toContain('token=')
  })
})
