import { createSignEndpoint } from '@countersign/core'
import { expectMisconfigured } from '../support/errors'
import { call, links, native, PRIVATE, user } from './call'

const redirect = { respond: 'redirect', signedOut: '/login?from=portal' } as const

describe('`respond: "redirect"`', () => {
  it('redirects a signed-out visitor to the path `signedOut`', async () => {
    const onRejected = jest.fn()
    const response = {
      status: 302,
      headers: { ...PRIVATE, location: redirect.signedOut },
      body: '',
    }
    const options = { ...redirect, user: () => null, onRejected }
    expect(await call({ method: 'GET' }, options)).toEqual(response)
    expect(onRejected.mock.calls).toMatchObject([[{ code: 'unauthenticated' }, native]])
  })

  it('writes the path in ASCII, as a header field is', async () => {
    const options = { ...redirect, signedOut: '/größe', user: () => null }
    const headers = { location: '/gr%C3%B6%C3%9Fe' }
    expect(await call({ method: 'GET' }, options)).toMatchObject({ status: 302, headers })
  })

  it('does not redirect an invalid user, nor a signed-out visitor without `signedOut`', async () => {
    expect(await call({}, { ...redirect, user: () => ({ id: '' }) })).toMatchObject({ status: 422 })
    expect(await call({}, { respond: 'redirect', user: () => null })).toMatchObject({ status: 401 })
  })

  const paths = ['login', '', '//evil.example', 'https://evil.example/login', '/log in', 7, null]

  it.each(paths)('takes no `signedOut` such as %j', (signedOut) => {
    const options = { user, respond: 'redirect', signedOut: signedOut as string } as const // some wrong on purpose
    expectMisconfigured(() => createSignEndpoint(links, options), 'option_invalid')
  })
})

describe('a navigation from another site', () => {
  const navigation = {
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  }

  it.each<[string, Readonly<Record<string, string>>, string, boolean]>([
    ['a link', navigation, 'GET', true],
    ['a link from a subdomain', { ...navigation, 'sec-fetch-site': 'same-site' }, 'GET', true],
    ['a link that is checked', navigation, 'HEAD', true],
    ['a form', navigation, 'POST', false],
    ['a frame', { ...navigation, 'sec-fetch-dest': 'iframe' }, 'GET', false],
    ['a fetch', { ...navigation, 'sec-fetch-mode': 'cors' }, 'GET', false],
    ['an image', { ...navigation, 'sec-fetch-mode': 'no-cors' }, 'GET', false],
    ['no mode', { ...navigation, 'sec-fetch-mode': '' }, 'GET', false],
  ])('is redirected or refused: %s', async (_, headers, method, isRedirected) => {
    const parts = { method, headers: Object.entries(headers) }
    expect(await call(parts, redirect)).toMatchObject({ status: isRedirected ? 302 : 403 })
    expect(await call(parts)).toMatchObject({ status: 403 })
  })
})
