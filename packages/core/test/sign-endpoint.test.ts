import { createSignEndpoint, createVerifier } from '@countersign/core'
import { accepted, NOW, now, view } from './support/request'
import { call, links, messages } from './support/sign-endpoint'

const PRIVATE = {
  'cache-control': 'no-store',
  pragma: 'no-cache',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

describe('a sign endpoint', () => {
  it.each(['GET', 'HEAD', 'POST'])('signs whoever is signed in, for %s', async (method) => {
    const { status, headers, body } = await call({ method })
    expect(status).toBe(200)
    expect(headers).toEqual({ 'content-type': 'application/json', ...PRIVATE })
    const reply = JSON.parse(body) as Record<'url' | 'token' | 'expiresAt', unknown>
    expect(reply).toEqual({
      url: `https://link.example/p/acme?token=${String(reply.token)}`,
      token: expect.any(String),
      expiresAt: NOW + 86_400_000,
    })
    const verification = await createVerifier(links, { now }).verify(
      view({ query: `token=${String(reply.token)}` }),
    )
    expect(accepted(verification).user).toMatchObject({ id: 'u1', email: 'ada@example.com' })
  })

  it('answers exactly what a posted scheme needs', async () => {
    const user = () => ({ email: 'ada@example.com' })
    const response = await createSignEndpoint(messages, { now, user })(view({ method: 'POST' }))
    expect(JSON.parse(response.body)).toEqual({
      url: 'https://message.example/login',
      headers: {
        'x-workspace-id': 'demo',
        'x-timestamp': String(NOW),
        'x-signature': expect.any(String),
      },
      body: '{"email":"ada@example.com"}',
      expiresAt: NOW + 300_000,
    })
  })

  it('never reads who it is from what was sent', async () => {
    const body = jest.fn(() => Buffer.from('{"id":"victim","email":"victim@example.com"}'))
    const response = await call({ body, query: 'id=victim&email=victim%40example.com' })
    expect(Buffer.from(response.body).toString()).not.toContain('victim')
    expect(body).not.toHaveBeenCalled()
  })

  it('answers a preflight, and names no origin without a list', async () => {
    const preflight = {
      method: 'OPTIONS',
      headers: [['origin', 'https://partner.example']],
    } as const
    const { status, headers, body } = await call(preflight)
    expect([status, body]).toEqual([204, ''])
    expect(headers).toEqual({
      allow: 'GET, HEAD, POST',
      'access-control-allow-methods': 'GET, HEAD, POST',
      'access-control-allow-headers': 'content-type',
    })
  })

  it('lets an allowed origin read every answer', async () => {
    const headers = [['origin', 'https://partner.example']] as const
    const options = { allowedOrigins: ['https://partner.example'] }
    for (const answer of [
      call({ headers }, options),
      call({ headers }, { ...options, user: () => null }),
    ]) {
      expect((await answer).headers).toMatchObject({
        'access-control-allow-origin': 'https://partner.example',
        'access-control-allow-credentials': 'true',
        vary: 'Origin',
      })
    }
  })

  it('sends the browser straight to the portal, when told to', async () => {
    const { status, headers, body } = await call({ method: 'GET' }, { respond: 'redirect' })
    expect([status, body]).toEqual([302, ''])
    expect(headers).toEqual({
      ...PRIVATE,
      location: expect.stringMatching(/^https:\/\/link\.example\/p\/acme\?token=[\w.=-]+$/),
    })
  })

  it('signs for an iframe, and for as long, as told', async () => {
    const { body } = await call({}, { embed: true, expiresIn: 60 })
    expect(JSON.parse(body)).toMatchObject({
      url: expect.stringMatching(/&embed=true$/),
      expiresAt: NOW + 60_000,
    })
  })
})
