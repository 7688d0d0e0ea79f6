import { FRAMEWORKS, guard, greet, running } from './transport-frameworks'
import { portals } from './transport-kit'
import { sendRaw, type RawAnswer, type RawRequest } from '../src'
import { ADA, call, expectNothingSigned, LINKS, NOW, outcome, SCHEMES } from './sign-endpoint-kit'

const PRIVATE = {
  'cache-control': 'no-store',
  pragma: 'no-cache',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

/** The reply of a sign endpoint. */
interface Reply {
  readonly url: string
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly expiresAt: number
}

const replyOf = ({ body }: RawAnswer): Reply => JSON.parse(body) as Reply

/** What a frontend makes of a reply, on its way to a portal of ours. */
function delivery({ url, headers, body }: Reply): RawRequest {
  const { pathname, search } = new URL(url)
  const target = pathname + search
  return headers ? { method: 'POST', target, headers: Object.entries(headers), body } : { target }
}

const lives = { featkit: 86_400, seggwat: 3_600, jwt: 3_600, harlyy: 604_800, fdback: 300 }

describe.each(FRAMEWORKS)('what a sign endpoint answers, on $name', (framework) => {
  it('SE-20 is 405 for a GET where the credential has to be posted', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await call(framework, {}, { method })
      expect(outcome(answer)).toBe('405 method_not_allowed')
      expect(answer.headers['allow']).toBe('POST')
      expectNothingSigned(answer)
    }
    const head = await call(framework, {}, { method: 'HEAD' })
    expect([head.status, head.headers['allow'], head.body]).toEqual([405, 'POST', ''])
  })

  it.each(LINKS)('SE-21 is a link for a GET and for a POST: %s', async (scheme) => {
    const portal = portals()[scheme]
    for (const method of ['GET', 'POST']) {
      const answer = await call(framework, { portal }, { method })
      expect(answer.status).toBe(200)
      expect(answer.headers['cache-control']).toBe('no-store')
      expect(Object.keys(replyOf(answer))).toEqual(['url', 'token', 'expiresAt'])
    }
    const put = await call(framework, { portal }, { method: 'PUT' })
    expect(outcome(put)).toBe('405 method_not_allowed')
    expect(put.headers['allow']).toBe('GET, HEAD, POST')
  })

  it('SE-21 has the headers of a GET and no body for a HEAD', async () => {
    const answer = await call(framework, { portal: portals().featkit }, { method: 'HEAD' })
    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject(PRIVATE)
    expect(answer.body).toBe('')
  })

  it.each(SCHEMES)(
    'SE-22 is for nobody else: no cache, no sniffing, no referrer: %s',
    async (scheme) => {
      const { status, headers } = await call(framework, { portal: portals()[scheme] })
      expect(status).toBe(200)
      expect(headers).toMatchObject(PRIVATE)
      expect(headers['content-type']).toMatch(/^application\/json(?:; charset=utf-8)?$/)
      expect(headers).not.toHaveProperty('etag')
      expect(headers).not.toHaveProperty('set-cookie')
    },
  )

  it('SE-23 has exactly the documented members for fdback', async () => {
    const answer = await call(framework, {})
    const { url, headers = {}, body, expiresAt } = replyOf(answer)
    expect(Object.keys(replyOf(answer))).toEqual(['url', 'headers', 'body', 'expiresAt'])
    expect(Object.keys(headers)).toEqual(['x-workspace-id', 'x-timestamp', 'x-signature'])
    expect(url).toBe('https://app.fdback.io/api/auth/sdk-login')
    expect(headers['x-workspace-id']).toBe('ws_demo')
    expect(headers['x-timestamp']).toBe(String(NOW))
    expect(headers['x-signature']).toMatch(/^[0-9a-f]{64}$/)
    expect(body).toBe('{"email":"ada@example.com","name":"Ada"}')
    expect(expiresAt).toBe(NOW + 300_000)
  })

  it.each(SCHEMES)('tells when it ends, in milliseconds: %s', async (scheme) => {
    const answer = await call(framework, { portal: portals()[scheme] })
    expect(replyOf(answer).expiresAt).toBe(NOW + lives[scheme] * 1000)
    if (scheme === 'fdback') return
    const shorter = { portal: portals()[scheme], options: { expiresIn: 60 } }
    expect(replyOf(await call(framework, shorter)).expiresAt).toBe(NOW + 60_000)
  })

  it.each(SCHEMES)('SE-24 is accepted by our own guard: %s', async (scheme) => {
    const portal = portals()[scheme]
    const reply = replyOf(await call(framework, { portal }))
    const answer = await running(framework, [guard(portal), greet], (port) =>
      sendRaw(port, delivery(reply)),
    )
    expect(answer.status).toBe(200)
    const id = { harlyy: null, fdback: ADA.email }[scheme as string]
    expect(JSON.parse(answer.body)).toMatchObject({ user: { id: id === undefined ? ADA.id : id } })
  })

  it('is a page for an iframe where that is asked for', async () => {
    const answer = await call(framework, { portal: portals().seggwat, options: { embed: true } })
    const { url, token } = replyOf(answer)
    expect(url).toBe(`https://seggwat.com/p/abc123?token=${token}&embed=true`)
  })

  it('is what may be asked, for OPTIONS, and asks nobody who is signed in', async () => {
    let asked = 0
    const user = (): null => {
      asked++
      return null
    }
    const post = await call(framework, { options: { user } }, { method: 'OPTIONS' })
    expect([post.status, post.headers['allow'], post.body]).toEqual([204, 'POST', ''])
    const portal = portals().jwt
    const link = await call(framework, { portal, options: { user } }, { method: 'OPTIONS' })
    expect([link.status, link.headers['allow'], link.body]).toEqual([204, 'GET, HEAD, POST', ''])
    expect(asked).toBe(0)
  })
})
