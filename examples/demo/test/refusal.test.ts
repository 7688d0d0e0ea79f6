import { createSigner } from '@countersign/express'
import request from 'supertest'
import { demoForTests } from './running-demo'
import { BOARDS, enter, pathOf, postSigned, signFor, tampered } from './visits'

const LINKS = ['featkit', 'seggwat-hmac', 'seggwat-jwt', 'harlyy']
const JSON_REPLY = { 'Content-Type': 'application/json', Accept: 'application/json' }

describe('the portal', () => {
  const demo = demoForTests()

  const portal = (): ReturnType<typeof request> => request(demo.portalOrigin)

  it.each(LINKS)('refuses a link of %s in which a letter was changed', async (door) => {
    const { url } = await signFor(demo, 'ada', `/sign/${door}`)
    const { text, headers } = await portal()
      .get(pathOf(tampered(url)))
      .expect(401)
    expect(text).toContain('This link cannot be trusted')
    expect(text).toContain('<code>401 invalid_token</code>')
    expect(headers).not.toHaveProperty('set-cookie')
  })

  it.each(LINKS)('refuses a link of %s that has expired', async (door) => {
    const { url } = await signFor(demo, 'ada', `/sign-long-ago/${door}`)
    const { text, headers } = await portal().get(pathOf(url)).expect(401)
    expect(text).toMatch(/<h1>This (survey )?link has expired<\/h1>/)
    expect(text).toContain('<code>401 token_expired</code>')
    expect(headers['www-authenticate']).toContain('error="invalid_token"')
  })

  it('accepts a link up to the millisecond before it expires, and not from then on', async () => {
    const { featkit } = demo.portals
    const at = (ago: number) =>
      createSigner(featkit, { now: () => Date.now() - ago, expiresIn: 60 })
    const user = { id: 'ada', name: 'Ada' }
    await portal()
      .get(pathOf((await at(30_000).sign(user)).url))
      .expect(303)
    await portal()
      .get(pathOf((await at(60_000).sign(user)).url))
      .expect(401)
  })

  it('refuses a bad link even to a visitor whom it knows', async () => {
    const ada = await enter(demo, 'ada', 'featkit')
    await ada.get(`${BOARDS.featkit}?token=nonsense`).expect(401)
  })

  it('refuses what was signed for another of its boards', async () => {
    const { url } = await signFor(demo, 'ada', '/sign/featkit')
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
  ])('says of %s that it may be framed by %s', async (path, framedBy) => {
    const { headers } = await portal().get(path)
    const origin = framedBy.replace('APP', demo.appOrigin)
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; " +
        `img-src 'self' ${demo.appOrigin}; connect-src 'self'; frame-src 'none'; ` +
        `frame-ancestors ${origin}; form-action 'self'; base-uri 'none'`,
    )
  })

  it('answers an address that it does not have with a page', async () => {
    const { text } = await portal().get('/nothing/<here>').expect(404)
    expect(text).toContain('There is nothing here')
    expect(text).not.toContain('&lt;here')
  })

  it('answers a form that is too large with a page', async () => {
    const ada = await enter(demo, 'ada', 'featkit')
    const sent = { title: 'x'.repeat(200_000) }
    const { text } = await ada.post(`${BOARDS.featkit}/suggest`).type('form').send(sent).expect(413)
    expect(text).toContain('<code>413 invalid_request</code>')
  })

  describe('where fdback posts', () => {
    it('lets in the same signed request once', async () => {
      const signed = await signFor(demo, 'ada', '/sign/fdback')
      const first = await postSigned(request.agent(demo.portalOrigin), signed).expect(200)
      expect(first.body).toEqual({ url: `${demo.portalOrigin}/fdback/board` })
      const again = await portal()
        .post(pathOf(signed.url))
        .set({ ...signed.headers, ...JSON_REPLY })
        .send(signed.body)
        .expect(401)
      const title = 'Token was used before'
      expect(again.body).toEqual({ title, status: 401, code: 'token_replayed' })
    })

    it.each([
      ['changed', '/sign/fdback', 'zoe', 'invalid_token'],
      ['sent late', '/sign-long-ago/fdback', 'ada', 'token_expired'],
    ])('refuses a body that was %s', async (_how, path, name, code) => {
      const { url, headers, body } = await signFor(demo, 'ada', path)
      const sent = portal()
        .post(pathOf(url))
        .set({ ...headers, ...JSON_REPLY })
      const refused = await sent.send(body!.replace('ada@', `${name}@`)).expect(401)
      expect(refused.body).toMatchObject({ code })
      expect(refused.headers).not.toHaveProperty('set-cookie')
    })

    it('takes the form that the browser client of fdback posts, and goes on to the board', async () => {
      const { url, headers, body } = await signFor(demo, 'zoe', '/sign/fdback')
      const sent = {
        _workspaceId: headers!['x-workspace-id'],
        _timestamp: headers!['x-timestamp'],
        _signature: headers!['x-signature'],
        ...JSON.parse(body!),
      }
      const visitor = request.agent(demo.portalOrigin)
      const answer = await visitor.post(pathOf(url)).type('form').send(sent).expect(303)
      expect(answer.headers['location']).toBe(`${demo.portalOrigin}/fdback/board`)
      expect((await visitor.get(BOARDS.fdback)).text).toContain('<bdi>Zoë Lindström</bdi>')
    })

    it('may be called by the pages of the app, and of no other origin', async () => {
      const ask = (origin: string): request.Test =>
        portal().options('/fdback/api/auth/sdk-login').set('Origin', origin).expect(204)
      expect((await ask(demo.appOrigin)).headers).toMatchObject({
        'access-control-allow-origin': demo.appOrigin,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'content-type, x-workspace-id, x-timestamp, x-signature',
      })
      const stranger = (await ask('http://127.0.0.1:1')).headers
      expect(stranger).not.toHaveProperty('access-control-allow-origin')
    })

    it('answers nothing but POST', async () => {
      await portal().get('/fdback/api/auth/sdk-login').expect(404)
    })
  })
})
