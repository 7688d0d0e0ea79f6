import { fdback, featkit } from '@countersign/schemes'
import { asStranger } from '@countersign/testing'
import supertest7 from 'supertest'
import supertest6 from 'supertest6'
import { guarded, served } from '../support/apps'
import { sample, secret } from '../support/mint-portals'
import { echo, type Echo } from '../wire/echo'

const portal = featkit({ secret })
const message = fdback({ secret })

describe.each([
  [6, supertest6],
  [7, supertest7],
] as const)('a stranger’s request by supertest %s', (_, request) => {
  it('is refused for having no credential', async () => {
    const app = guarded('Express 5', portal, { bearer: true })
    const { body } = await asStranger(request(app).get('/vote'), portal).expect(401)
    expect(body).toMatchObject({ code: 'credential_missing' })
  })

  it('has lost what an agent or the test had set, in any case, and nothing else', async () => {
    await served(echo, async (port) => {
      const agent = request.agent(`http://127.0.0.1:${port}`).set('Authorization', 'Bearer x')
      const test = agent
        .post('/vote?page=2')
        .set('X-Signature', 'aa')
        .set('x-timestamp', '1')
        .set('X-Other', 'kept')
      const { body } = await asStranger(test, portal, message).set('X-WORKSPACE-ID', 'ws_demo')
      const { url, rawHeaders } = body as Echo
      const names = rawHeaders.filter((_each, index) => index % 2 === 0).map((n) => n.toLowerCase())
      expect(url).toBe('/vote?page=2')
      expect(names).toContain('x-other')
      for (const name of ['authorization', 'x-signature', 'x-timestamp', 'x-workspace-id']) {
        expect(names).not.toContain(name)
      }
    })
  })

  it('has lost the header of a scheme of one’s own', async () => {
    const { portal: acme } = sample('acme')
    const app = guarded('Koa 3', acme)
    const { body } = await asStranger(request(app).get('/').set('X-Acme-User', 'x'), acme).expect(
      401,
    )
    expect(body).toMatchObject({ code: 'credential_missing' })
  })

  it('loses no header of a portal that it is not asked about', async () => {
    await served(echo, async (port) => {
      const test = request(`http://127.0.0.1:${port}`).get('/').set('X-Signature', 'aa')
      const { rawHeaders } = (await asStranger(test, portal)).body as Echo
      expect(rawHeaders.map((each) => each.toLowerCase())).toContain('x-signature')
    })
  })

  it('cannot have a credential in its query: the test has put it there', async () => {
    const app = guarded('Express 4', portal)
    const tests = [
      request(app).get('/vote?token=abc'),
      request(app).get('/vote').query('a=1&token=abc'),
      request(app).get('/vote').query({ token: 'abc' }),
      request(app).get('/vote?%74oken=abc'),
    ]
    for (const test of tests) {
      const error: unknown = await asStranger(test, portal).then(
        () => 'nothing failed',
        (failure: unknown) => failure,
      )
      expect(error).toMatchObject({
        reason: 'option_invalid',
        message: expect.stringContaining('"token"'),
      })
    }
    await asStranger(request(app).get('/vote?tokens=1'), portal).expect(401)
  })

  it('is any request, where no portal is named', async () => {
    const { portal: jwt } = sample('SeggWat JWT')
    const app = guarded('Koa 2', jwt, { bearer: true })
    await asStranger(request(app).get('/').set('authorization', 'Bearer x')).expect(
      401,
      /credential_missing/,
    )
  })
})
