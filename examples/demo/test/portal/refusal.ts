import type { RequestListener } from 'node:http'
import request from 'supertest'
import { oneAddress } from '../../src/browser-safety'
import { FORMATS } from '../../src/formats'
import type { RunningDemo } from '../running-demo'
import { BOARDS, broken, enter, postSigned, signFor } from '../visits'

const LINKS = FORMATS.filter(({ flow }) => flow !== 'form').map(({ id }) => id)

const REFUSALS = [
  ['letter', '401 invalid_token', 'This link cannot be trusted'],
  ['old', '401 token_expired', /^This (survey )?link has expired$/],
  ['twice', '400 invalid_request', 'This link contains more than one token'],
] as const

export function testRefusals(demo: RunningDemo): void {
  describe('the portal', () => {
    const portal = (): ReturnType<typeof request> => request(demo.portalOrigin)

    it.each(REFUSALS)('refuses a broken link ("%s") with %s', async (how, code, title) => {
      for (const format of LINKS) {
        const answer = await portal().get(await broken(demo, format, how))
        expect(answer.status).toBe(Number(code.slice(0, 3)))
        expect(/<h1>(.*)<\/h1>/.exec(answer.text)![1]).toMatch(title)
        expect(answer.text).toContain(`<code>${code}</code>`)
        expect(answer.headers).not.toHaveProperty('set-cookie')
        expect(answer.headers['www-authenticate']).toMatch(/^Bearer error=/)
      }
    })

    it.each([
      ['/seggwat/p/lantern-hmac?embed=true', 'APP'],
      ['/seggwat/p/lantern-jwt?embed=true&token=nonsense', 'APP'],
      ['/seggwat/p/lantern-jwt', "'none'"],
      ['/seggwat/p/lantern-jwt?embed=true&embed=true', "'none'"],
      ['/fdback/board?embed=true', "'none'"],
      ['/', "'none'"],
    ])('allows %s to be framed by %s', async (path, framedBy) => {
      const { headers } = await portal().get(path)
      const origin = framedBy.replace('APP', demo.appOrigin)
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; " +
          `img-src 'self' ${demo.appOrigin}; connect-src 'self'; frame-src 'none'; ` +
          `frame-ancestors ${origin}; form-action 'self'; base-uri 'none'`,
      )
    })

    it('answers an unknown address with a page', async () => {
      const { text } = await portal().get('/nothing/<here>').expect(404)
      expect(text).toContain('<h1>Page not found</h1>')
      expect(text).not.toContain('&lt;here')
      await portal().get('/fdback/api/auth/sdk-login').expect(404)
    })

    it('answers a form that is too large with a page', async () => {
      const ada = await enter(demo, 'ada', 'featkit')
      const sent = ada.post(`${BOARDS.featkit}/suggest`).type('form')
      await sent.send({ title: 'x'.repeat(200_000) }).expect(413, /<code>413 invalid_request</)
    })

    it('prints the code that only the log gets, and no credential', async () => {
      const path = await broken(demo, 'featkit', 'letter')
      await portal().get(path).expect(401)
      expect(demo.output()).toContain(
        '  Refused  GET /featkit/p/lantern?token=REDACTED\n' +
          '           answer 401 invalid_token, for your log: signature_invalid: no secret matches\n',
      )
      expect(demo.output()).not.toContain(path.split('=')[1])
    })

    it('answers a program in JSON, and accepts a signed request once', async () => {
      const signed = await signFor(demo, 'ada', 'fdback')
      const send = (): request.Test =>
        postSigned(portal(), signed).set('Accept', 'application/json')
      expect((await send().expect(303)).headers['location']).toBe('/fdback/board?notice=arrived')
      const { body } = await send().expect(401)
      expect(body).toEqual({ title: 'This was used before', status: 401, code: 'token_replayed' })
    })

    it('redirects from other names of this machine, but not behind a proxy', async () => {
      const other = demo.portalOrigin.replace('127.0.0.1', 'localhost')
      const { headers } = await request(other).get('/?a=b').expect(307)
      expect(headers['location']).toBe(`${demo.portalOrigin}/?a=b`)
      await postSigned(request(other), await signFor(demo, 'ada', 'fdback')).expect(303)
      const site: RequestListener = (_req, res) => void res.end()
      await request(oneAddress(site, demo.portalOrigin, demo.portalOrigin))
        .get('/')
        .expect(200)
    })
  })
}
