import request from 'supertest'
import type { RunningDemo } from '../running-demo'
import { BOARDS, enter, oldLink, pathOf, postSigned, sessionIn, signFor } from '../visits'

const LINKS = ['featkit', 'seggwat-hmac', 'seggwat-jwt', 'harlyy']
const JSON_REPLY = { 'Content-Type': 'application/json', Accept: 'application/json' }

export function testRefusals(demo: RunningDemo): void {
  describe('the portal', () => {
    const portal = (): ReturnType<typeof request> => request(demo.portalOrigin)

    it.each(LINKS)('refuses a link of %s in which a letter was changed', async (format) => {
      const { url } = await signFor(demo, 'ada', format)
      const { text, headers } = await portal().get(tampered(url)).expect(401)
      expect(text).toContain('This link cannot be trusted')
      expect(text).toContain('<code>401 invalid_token</code>')
      expect(headers).not.toHaveProperty('set-cookie')
    })

    it.each(LINKS)('refuses a link of %s that has expired', async (format) => {
      const { text, headers } = await portal()
        .get(await oldLink(demo, format))
        .expect(401)
      expect(text).toMatch(/<h1>This (survey )?link has expired<\/h1>/)
      expect(text).toContain('<code>401 token_expired</code>')
      expect(headers['www-authenticate']).toContain('error="invalid_token"')
    })

    it('says that a link with two tokens was put together wrongly', async () => {
      const path = pathOf((await signFor(demo, 'ada', 'featkit')).url)
      const { text } = await portal().get(`${path}&token=x`).expect(400)
      expect(text).toContain('<h1>This link contains more than one token</h1>')
      expect(text).toContain('<code>400 invalid_request</code>')
    })

    it('refuses a bad link even of a signed-in visitor', async () => {
      const ada = await enter(demo, 'ada', 'featkit')
      await ada.get(`${BOARDS.featkit}?token=nonsense`).expect(401)
    })

    it('refuses what was signed for another of its boards', async () => {
      const { url } = await signFor(demo, 'ada', 'featkit')
      const { search } = new URL(url)
      for (const board of [BOARDS['seggwat-hmac'], BOARDS['seggwat-jwt']]) {
        const { text } = await portal()
          .get(board + search)
          .expect(401)
        expect(text).toContain('<code>401 invalid_token</code>')
      }
    })

    it.each([
      ['/seggwat/p/lantern-hmac?embed=true', 'APP'],
      ['/seggwat/p/lantern-jwt?embed=true&token=nonsense', 'APP'],
      ['/seggwat/p/lantern-jwt', "'none'"],
      ['/seggwat/p/lantern-jwt?embed=true&embed=true', "'none'"],
      ['/featkit/p/lantern?embed=true', "'none'"],
      ['/fdback/board?embed=true', "'none'"],
      ['/harlyy/lantern/autumn?embed=true', "'none'"],
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
      expect(text).toContain('Page not found')
      expect(text).not.toContain('&lt;here')
    })

    it('answers a form that is too large with a page', async () => {
      const ada = await enter(demo, 'ada', 'featkit')
      const sent = { title: 'x'.repeat(200_000) }
      const { text } = await ada
        .post(`${BOARDS.featkit}/suggest`)
        .type('form')
        .send(sent)
        .expect(413)
      expect(text).toContain('<code>413 invalid_request</code>')
    })

    it('prints the code that only the log gets, and no credential', async () => {
      const { url } = await signFor(demo, 'ada', 'featkit')
      await portal().get(tampered(url)).expect(401)
      await portal().post(`${BOARDS.featkit}/1/vote`).expect(401)
      expect(demo.output()).toContain(
        'POST /featkit/p/lantern/1/vote\n           answer 401 credential_missing',
      )
      expect(demo.output()).toContain(
        '  Refused  GET /featkit/p/lantern?token=REDACTED\n' +
          '           answer 401 invalid_token, for your log: signature_invalid: no secret matches\n',
      )
      expect(demo.output()).not.toContain(new URL(url).searchParams.get('token'))
    })

    describe('where signed requests are posted', () => {
      it('accepts a signed request once', async () => {
        const signed = await signFor(demo, 'ada', 'fdback')
        const first = await postSigned(request.agent(demo.portalOrigin), signed).expect(303)
        expect(first.headers['location']).toBe('/fdback/board?notice=arrived')
        const again = await portal()
          .post(pathOf(signed.url))
          .set({ ...signed.headers, ...JSON_REPLY })
          .send(signed.body)
          .expect(401)
        const title = 'This was used before'
        expect(again.body).toEqual({ title, status: 401, code: 'token_replayed' })
      })

      it('refuses a body that was changed', async () => {
        const { url, headers, body } = await signFor(demo, 'ada', 'fdback')
        const sent = portal()
          .post(pathOf(url))
          .set({ ...headers, ...JSON_REPLY })
        const refused = await sent.send(body!.replace('ada@', 'zoe@')).expect(401)
        expect(refused.body).toMatchObject({ code: 'invalid_token' })
        expect(refused.headers).not.toHaveProperty('set-cookie')
      })

      it('accepts a form, and goes on to the board', async () => {
        const { url, headers, body } = await signFor(demo, 'zoe', 'fdback')
        const sent = {
          _workspaceId: headers!['x-workspace-id'],
          _timestamp: headers!['x-timestamp'],
          _signature: headers!['x-signature'],
          ...JSON.parse(body!),
        }
        const answer = await portal().post(pathOf(url)).type('form').send(sent).expect(303)
        const board = portal().get(BOARDS.fdback).set('Cookie', sessionIn(answer))
        await board.expect(200, /<bdi>Zoë Lindström<\/bdi>/)
      })

      it('answers nothing but POST', async () => {
        await portal().get('/fdback/api/auth/sdk-login').expect(404)
      })
    })
  })
}

/** A path whose credential has one other letter in its middle. */
function tampered(url: string): string {
  const path = pathOf(url)
  const at = path.indexOf('=') + 20
  return path.slice(0, at) + (path[at] === 'x' ? 'y' : 'x') + path.slice(at + 1)
}
