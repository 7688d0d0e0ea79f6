import { createSignEndpoint, type SignEndpointOptions } from '@countersign/core'
import { featkit, type FeatKitInput } from '@countersign/core/schemes'
import { expectMisconfigured } from '../support/errors'
import { now, view } from '../support/request'
import { CURRENT } from '../support/secrets'

type Headers = Readonly<Record<string, string>>
type Options = Partial<SignEndpointOptions<FeatKitInput, unknown>>

const OWN = 'https://app.example'
const PARTNER = 'https://partner.example'
const portal = featkit({ secret: CURRENT, slug: 'acme' })

function call(method: string, headers: Headers, options: Options = {}, host?: string) {
  const user = () => ({ id: 'u1' })
  const sent = Object.entries({ host: 'app.example', ...headers })
  const parts = { method, headers: sent, ...(host !== undefined && { host }) }
  return createSignEndpoint(portal, { now, user, ...options })(view(parts))
}

async function isSigned(method: string, headers: Headers, options: Options = {}, host?: string) {
  const { status, body } = await call(method, headers, options, host)
  if (status === 200) return true
  expect([status, JSON.parse(body)]).toMatchObject([403, { code: 'csrf_rejected' }])
  return false
}

describe('a call with `Sec-Fetch-Site`', () => {
  it.each([
    ['same-origin', true, true],
    ['none', true, false],
    ['same-site', false, false],
    ['cross-site', false, false],
    ['Same-Origin', false, false],
  ])('from %s is signed by GET: %p, by POST: %p', async (site, get, post) => {
    const headers = { 'sec-fetch-site': site }
    expect(await isSigned('GET', headers)).toBe(get)
    expect(await isSigned('HEAD', headers)).toBe(get)
    expect(await isSigned('POST', headers)).toBe(post)
  })

  it('is decided by it, not by its origin', async () => {
    expect(await isSigned('POST', { 'sec-fetch-site': 'cross-site', origin: OWN })).toBe(false)
    expect(await isSigned('POST', { 'sec-fetch-site': 'same-origin', origin: PARTNER })).toBe(true)
  })
})

describe('a call without `Sec-Fetch-Site`', () => {
  it.each<[string, Headers, boolean]>([
    ['the own origin', { origin: OWN }, true],
    ['the host in upper case', { origin: OWN, host: 'APP.example' }, true],
    ['HTTP/2', { origin: OWN, host: '', ':authority': 'app.example' }, true],
    ['the default port of https', { origin: OWN, host: 'app.example:443' }, true],
    ['the default port of http', { origin: 'http://app.example', host: 'app.example:80' }, true],
    ['the default port of the other', { origin: OWN, host: 'app.example:80' }, false],
    ['the same port', { origin: 'http://app.example:81', host: 'app.example:81' }, true],
    ['another port', { origin: `${OWN}:8443` }, false],
    ['another origin', { origin: PARTNER }, false],
    ['an opaque origin', { origin: 'null' }, false],
    ['an origin that ends like the own', { origin: 'https://evilapp.example' }, false],
    ['an origin that begins like it', { origin: 'https://app.example.evil.example' }, false],
    ['no URL', { origin: 'app.example' }, false],
    ['no host', { origin: OWN, host: '' }, false],
    ['no origin', {}, true],
    ['JSON without origin', { 'content-type': 'application/json' }, true],
    ['a form of text', { 'content-type': 'text/plain' }, false],
    ['a form of text with a charset', { 'content-type': ' Text/Plain; charset=utf-8' }, false],
  ])('is signed for the origin of its host: %s', async (_, headers, expected) => {
    expect(await isSigned('POST', headers)).toBe(expected)
  })

  it('is compared with the host that the framework trusts', async () => {
    const behindProxy = { origin: OWN, host: 'internal:3000' }
    expect(await isSigned('POST', behindProxy)).toBe(false)
    expect(await isSigned('POST', behindProxy, {}, 'app.example')).toBe(true)
    expect(await isSigned('POST', { origin: OWN }, {}, 'other.example')).toBe(false)
  })
})

describe('the option `allowedOrigins`', () => {
  const APPS = ['capacitor://localhost', 'tauri://localhost', 'chrome-extension://abcdefgh']
  const allowedOrigins = [PARTNER, 'http://localhost:3000', ...APPS]

  it.each(allowedOrigins)('lets pages of %s call and read every response', async (origin) => {
    for (const site of [{}, { 'sec-fetch-site': 'cross-site' }]) {
      expect(await isSigned('POST', { origin, ...site }, { allowedOrigins })).toBe(true)
    }
    for (const options of [{}, { user: () => null }]) {
      const { headers } = await call('POST', { origin }, { allowedOrigins, ...options })
      expect(headers).toMatchObject({
        vary: 'Origin',
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
      })
    }
  })

  it.each([
    'http://partner.example',
    `${PARTNER}:8443`,
    `${PARTNER}.evil.example`,
    'https://PARTNER.example',
    'capacitor://localhost.evil',
    'ionic://localhost',
    OWN,
  ])('is exact, and replaces the comparison with the host: %s is refused', async (origin) => {
    expect(await isSigned('POST', { origin }, { allowedOrigins })).toBe(false)
    const { headers } = await call('POST', { origin }, { allowedOrigins })
    expect(headers['vary']).toBe('Origin')
    expect(headers).not.toHaveProperty('access-control-allow-origin')
    expect(headers).not.toHaveProperty('cross-origin-resource-policy')
  })

  it('does not concern calls of the own origin', async () => {
    expect(await isSigned('POST', { 'sec-fetch-site': 'same-origin' }, { allowedOrigins })).toBe(
      true,
    )
  })

  it('is a list of exact origins', () => {
    const patterns = ['*', 'https://*.partner.example', 'chrome-extension://*', 'capacitor:', /a/]
    const others = ['partner.example', `${PARTNER}/`, `${PARTNER}:443`, 'HTTPS://partner.example']
    const odd = ['https://user@partner.example', 'capacitor://localhost/', 'file://', 'null', '', 7]
    for (const entry of [...patterns, ...others, ...odd]) {
      const options = { user: () => null, allowedOrigins: [PARTNER, entry] as string[] } // wrong on purpose
      expectMisconfigured(() => createSignEndpoint(portal, options), 'option_invalid')
    }
    const text = { user: () => null, allowedOrigins: PARTNER as unknown as string[] } // wrong on purpose
    expectMisconfigured(() => createSignEndpoint(portal, text), 'option_invalid')
  })
})

describe('a preflight', () => {
  const asked = {
    origin: PARTNER,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization, content-type, X-CSRF-Token',
  }

  it.each([
    ['none', {}],
    ['a list without it', { allowedOrigins: [OWN] }],
  ])('of another origin gets no permission: %s', async (_, options) => {
    const { status, headers } = await call('OPTIONS', asked, options)
    expect(status).toBe(204)
    expect(headers).not.toHaveProperty('access-control-allow-origin')
    expect(headers).not.toHaveProperty('access-control-allow-credentials')
  })

  it.each(['', 'a\nb', 'a: b', '*', 'x-ä'])('is not told to send %j', async (text) => {
    const { headers } = await call('OPTIONS', {
      ...asked,
      'access-control-request-headers': text,
    })
    expect(headers['access-control-allow-headers']).toBe('content-type')
  })
})
