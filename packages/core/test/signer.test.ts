import { createSigner, createVerifier, type Portal, type SignOptions } from '@countersign/core'
import { expectMisconfigured } from './support/errors'
import { catchWarnings } from './support/process'
import { accepted, NOW, view } from './support/request'
import { jwt, link, message, once } from './support/schemes'
import { CURRENT } from './support/secrets'

afterEach(() => {
  jest.restoreAllMocks()
})

const LATE = NOW + 789
const now = () => LATE
const secret = CURRENT
const links = link({ secret, slug: 'acme' })
const jwts = jwt({ secret, projectKey: 'project' })
const onces = once({ secret })
const messages = message({ secret, workspaceId: 'demo' })
const ada = { id: 'u1', email: 'ada@example.com', name: 'Ada' }

function payloadOf(token: string | undefined, segment: number): unknown {
  return JSON.parse(Buffer.from(token?.split('.')[segment] ?? '', 'base64').toString())
}

describe('a signer', () => {
  it('makes a link, with its token and its end', async () => {
    const { url, token, expiresAt, ...rest } = await createSigner(links, { now }).sign(ada)
    expect(url).toBe(`https://link.example/p/acme?token=${token}`)
    expect(expiresAt).toBe(NOW + 86_400_000)
    expect(rest).toEqual({})
  })

  it('makes a link for an iframe, where there is a page for it', async () => {
    const { url, token } = await createSigner(links, { now }).sign(ada, { embed: true })
    expect(url).toBe(`https://link.example/p/acme?token=${token}&embed=true`)
    await expect(createSigner(jwts, { now }).sign(ada, { embed: true })).rejects.toMatchObject({
      reason: 'option_invalid',
    })
  })

  it('makes headers and a body for a request', async () => {
    const signed = await createSigner(messages, { now }).sign(ada)
    expect(signed).toEqual({
      url: 'https://message.example/login',
      headers: {
        'x-workspace-id': 'demo',
        'x-timestamp': String(LATE),
        'x-signature': expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      body: '{"email":"ada@example.com","name":"Ada"}',
      expiresAt: LATE + 300_000,
    })
  })

  it('IS-03 writes whole seconds, or whole milliseconds, as the scheme has it', async () => {
    const fractional = () => LATE + 0.5
    const sign = (portal: Portal) => createSigner(portal, { now: fractional }).sign(ada as never) // each takes less than this
    const iat = NOW / 1000
    expect(payloadOf((await sign(links)).token, 0)).toMatchObject({
      timestamp: iat,
      expires: iat + 86_400,
    })
    expect(payloadOf((await sign(jwts)).token, 1)).toMatchObject({ iat, exp: iat + 3_600 })
    expect(payloadOf((await sign(onces)).token, 0)).toMatchObject({ exp: LATE + 604_800_000 })
    expect((await sign(messages)).headers?.['x-timestamp']).toMatch(/^[0-9]{13}$/)
  })

  it.each<[string, Portal]>([
    ['link', links],
    ['jwt', jwts],
    ['once', onces],
    ['message', messages],
  ])('makes what its own verifier accepts: %s', async (_, portal) => {
    const { url, headers = {}, body = '' } = await createSigner(portal, { now }).sign(ada as never) // each takes less than this
    const query = new URL(url).search.slice(1)
    const request = view({
      method: 'POST',
      query,
      headers: Object.entries(headers),
      body: Buffer.from(body),
    })
    expect(accepted(await createVerifier(portal, { now }).verify(request)).user.scheme).toBe(
      portal.scheme.name,
    )
  })

  it('makes every one-time credential different, unless told its nonce', async () => {
    const signer = createSigner(onces, { now })
    const nonces = await Promise.all(Array.from({ length: 50 }, () => signer.sign({})))
    expect(new Set(nonces.map(({ token }) => token)).size).toBe(50)
    expect(payloadOf((await signer.sign({}, { nonce: 'mine' })).token, 0)).toMatchObject({
      nonce: 'mine',
    })
  })

  it('percent-encodes once what a query could not hold', async () => {
    const { url, token = '' } = await createSigner(onces, { now }).sign({}, { nonce: 'n>?' })
    expect(url).toBe(`https://once.example/survey?sig=${encodeURIComponent(token)}`)
    expect(url.split('?sig=')[1]).not.toMatch(/[+/=]/)
  })

  it('goes to another server where the portal says so', async () => {
    const portal = link({ secret, slug: 'acme', baseUrl: 'https://self.example/base/' })
    expect((await createSigner(portal, { now }).sign(ada)).url).toMatch(
      /^https:\/\/self\.example\/base\/p\/acme\?token=/,
    )
  })
})

describe('the life of what is signed', () => {
  it('is what the signer says, or the call', async () => {
    const signer = createSigner(links, { now, expiresIn: 600 })
    const ends = [{}, { expiresIn: 60 }, { expiresIn: undefined }, { expiresIn: 1.9 }].map(
      async (options: SignOptions) => (await signer.sign(ada, options)).expiresAt - NOW,
    )
    expect(await Promise.all(ends)).toEqual([600_000, 60_000, 600_000, 1_000])
  })

  it.each([0, -1, NaN, Infinity, 0.5, 86_401, '60', null])(
    'IS-02 cannot be %p',
    async (expiresIn) => {
      const options = { expiresIn: expiresIn as number } // wrong on purpose
      expectMisconfigured(() => createSigner(links, options), 'option_invalid')
      const sign = jest.spyOn(links.scheme.mac, 'sign')
      await expect(createSigner(links, { now }).sign(ada, options)).rejects.toMatchObject({
        reason: 'option_invalid',
      })
      expect(sign).not.toHaveBeenCalled()
    },
  )

  it('cannot be chosen where the credential cannot say it', async () => {
    expectMisconfigured(() => createSigner(messages, { expiresIn: 60 }), 'option_invalid')
    expect(() => createSigner(messages, { expiresIn: 300 })).not.toThrow()
    const signing = createSigner(messages, { now }).sign(ada, { expiresIn: 60 })
    await expect(signing).rejects.toMatchObject({ reason: 'option_invalid' })
  })
})

describe('the secret of a signer', () => {
  it('is found by the portal’s own id, and has to be there', async () => {
    const secrets = jest.fn(async () => null)
    const signing = createSigner(message({ secret: secrets, workspaceId: 'demo' }), { now }).sign(
      ada,
    )
    await expect(signing).rejects.toMatchObject({ reason: 'key_retired', status: 500 })
    expect(secrets).toHaveBeenCalledWith({ tenant: 'demo', scheme: 'message' })
  })

  it('may be unavailable', async () => {
    const portal = link({ slug: 'acme', secret: () => Promise.reject(new Error('no connection')) })
    await expect(createSigner(portal, { now }).sign(ada)).rejects.toMatchObject({
      code: 'secret_unavailable',
    })
  })

  it('may be short for a JWT where the application insists, for the first alone', async () => {
    catchWarnings()
    const short = jwt({ secret: ['x'.repeat(32), 'y'.repeat(16)], projectKey: 'project' })
    await expect(createSigner(short, { now }).sign(ada)).resolves.toHaveProperty('token')
  })
})
