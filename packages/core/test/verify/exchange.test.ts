import { createExchange, type ResponseData } from '@countersign/core'
import { expectMisconfigured } from '../support/errors'
import { forgeLink } from '../support/forge'
import { catchingWarnings } from '../support/process'
import { now, view } from '../support/request'
import { FOREIGN } from '../support/secrets'
import { exchanging, goesTo, link, links, type Options } from './exchanging'

catchingWarnings() // of refused requests

describe('a link that is opened', () => {
  it('becomes a session, and the visitor goes to the same URL without the credential', async () => {
    const { made, ask } = exchanging(links)
    expect(await ask({ query: `tab=new&${link}&sort=a%20b` })).toEqual({
      status: 303,
      headers: {
        'cache-control': 'no-store',
        location: '/portal?tab=new&sort=a%20b',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      },
      body: '',
    })
    expect(made).toMatchObject([
      { id: 'u1', previous: null, link: expect.any(String), portalAuth: { scheme: 'featkit' } },
    ])
  })

  it('sets the cookies that `establish` returns', async () => {
    const { ask } = exchanging(links, { establish: () => ({ cookies: ['a=1', 'b=2'] }) })
    expect(await ask({ query: link })).toMatchObject({ headers: { 'set-cookie': ['a=1', 'b=2'] } })
  })

  it('responds with a page that goes on by itself where the session is strict', async () => {
    const { ask } = exchanging(links, { session: 'strict', redirectTo: '/a?b="c&d' })
    const { status, headers, body } = (await ask({ query: link })) as ResponseData
    expect([status, headers['location'], headers['content-security-policy']]).toEqual([
      200,
      undefined,
      "default-src 'none'; form-action 'self'",
    ])
    expect(body).toContain('content="0; url=/a?b=&#34;c&#38;d"')
    expect(body).toContain('<a href="/a?b=&#34;c&#38;d">')
  })

  it('belongs to the application without a credential, and with another method', async () => {
    const { made, ask } = exchanging(links)
    expect(await ask({ query: 'return_to=//evil.example' })).toBeUndefined()
    for (const method of ['OPTIONS', 'PUT', 'DELETE']) {
      expect(await ask({ method, query: link })).toBeUndefined()
    }
    expect(made).toEqual([])
  })

  it('makes no session for HEAD and for a prefetch', async () => {
    const { made, ask } = exchanging(links)
    expect(await ask({ method: 'HEAD', query: link })).toMatchObject(goesTo('/portal'))
    const prefetch = await ask({ query: link, headers: [['Sec-Purpose', 'prefetch;prerender']] })
    expect([prefetch?.status, made]).toEqual([503, []])
  })

  it.each([
    ['signature_invalid', 401, { query: `token=${forgeLink(undefined, FOREIGN)}` }],
    ['return_to_invalid', 400, { query: `${link}&return_to=//evil.example` }],
    ['prefetch_refused', 503, { query: link, headers: [['Purpose', 'prefetch']] as const }],
  ])('is refused, and reported once: %s', async (code, status, parts) => {
    const onRejected = jest.fn()
    const { made, ask } = exchanging(links, { onRejected })
    expect(await ask(parts)).toMatchObject({ status })
    const forwarding = exchanging(links, { onRejected, rejections: 'forward' })
    await expect(forwarding.ask(parts)).rejects.toMatchObject({ code })
    const reported = [expect.objectContaining({ code }), expect.anything()]
    expect(onRejected.mock.calls).toEqual([reported, reported])
    expect(made).toEqual([])
  })
})

describe('where the visitor goes', () => {
  const astray = { status: 400, body: expect.stringContaining('return_to_invalid') as string }
  const returnTo = (text: string, options?: Options) =>
    exchanging(links, options).ask({ query: `${link}&return_to=${encodeURIComponent(text)}` })

  const own = ['/', '/ideas/7', '/ideas?sort=new&q=a//b', '/a%2Fb', '/caf%C3%A9#top']

  it.each(own)('is the `return_to` of the link: %s', async (path) => {
    expect(await returnTo(path)).toMatchObject(goesTo(path))
  })

  it('is written in ASCII, as a header field is', async () => {
    expect(await returnTo('/日本?q=é 😀')).toMatchObject({ status: 400 }) // a space
    expect(await returnTo('/日本?q=é😀')).toMatchObject(
      goesTo('/%E6%97%A5%E6%9C%AC?q=%C3%A9%F0%9F%98%80'),
    )
  })

  const origins = ['//evil.example', '/\\evil.example', '\\\\evil.example', 'https://evil.example']
  const others = ['https:evil', 'evil', 'javascript:alert(1)', '/a\r\nset-cookie:b=1', '/a\u0085']
  const hidden = ['/%2Fevil.example', '/%5cevil.example', '/\t/evil.example', ' //evil.example']
  const dotted = ['/..//evil.example', '/./%2e//evil.example', '/%09/evil.example', '/%0A/evil']

  it.each([...origins, ...others, ...hidden, ...dotted])(
    'is never outside of the origin: %j',
    async (address) => {
      const { made, ask } = exchanging(links)
      const query = `${link}&return_to=${encodeURIComponent(address)}`
      expect(await ask({ query })).toMatchObject({
        status: 400,
        body: expect.stringContaining('return_to_invalid'),
      })
      expect(made).toEqual([])
    },
  )

  it('refuses a `return_to` that is sent twice or does not decode', async () => {
    for (const query of ['return_to=/a&return_to=/b', 'return_to=%ff', 'return_to[]=/a']) {
      const response = await exchanging(links).ask({ query: `${link}&${query}` })
      expect(response).toMatchObject(astray)
    }
  })

  it('is `redirectTo` before `return_to`', async () => {
    expect(await returnTo('/ideas', { redirectTo: '/home' })).toMatchObject(goesTo('/home'))
  })

  it('is the start where the URL without the credential is no path of this origin', async () => {
    const exchange = createExchange(links, { now, establish: () => undefined })
    const request = { ...view<object>(), target: `//evil.example/?${link}` }
    expect(await exchange(request)).toMatchObject(goesTo('/'))
  })
})

it('an `establish` that returns cookies as text is a mistake, and sets none', async () => {
  for (const cookies of ['a=b', null, [1]]) {
    const { ask } = exchanging(links, { establish: () => ({ cookies }) as never })
    const response = await ask({ query: link })
    expect(response).toMatchObject({ status: 500, body: expect.stringContaining('server_error') })
    expect(response?.headers).not.toHaveProperty('set-cookie')
  }
})

describe('the options', () => {
  const make = (options: object) => () =>
    createExchange(links, { establish: () => undefined, ...options })

  const frame = { session: 'frame' }
  const none = { sameSite: 'none' }

  it.each<[string, object]>([
    ['no `establish`', { establish: undefined }],
    ['an `establish` that is no function', { establish: 'x' }],
    ['a `redirectTo` elsewhere', { redirectTo: '//evil.example' }],
    ['an unknown kind of session', { session: 'none' }],
    ['a cookie that is none', { cookie: 'x' }],
    ['a strict cookie with a redirect', { cookie: { sameSite: 'strict' } }],
    ['a strict cookie, as `true`', { cookie: { sameSite: true } }],
    ['a cookie for other sites that is not secure', { cookie: none }],
    ['a partitioned cookie that is not secure', { cookie: { partitioned: true } }],
    ['a lax cookie in a frame', { ...frame, cookie: { sameSite: 'lax', secure: true } }],
    ['an insecure cookie in a frame', { ...frame, cookie: { ...none, partitioned: true } }],
    ['a cookie in a frame, not partitioned', { ...frame, cookie: { ...none, secure: true } }],
  ])('are refused: %s', (_, options) => {
    expectMisconfigured(make(options), 'option_invalid')
  })

  it('take a cookie that works with the kind of session', () => {
    const framed = { sameSite: 'None', secure: 'auto', partitioned: true }
    for (const options of [
      { cookie: { sameSite: 'lax' } },
      { session: 'strict', cookie: { sameSite: 'strict' } },
      { session: 'frame', cookie: framed },
    ]) {
      expect(make(options)).not.toThrow()
    }
  })

  it('name the option that was probably meant', () => {
    const message = expectMisconfigured(make({ redirectto: '/' }), 'option_unknown')
    expect(message).toContain('Did you mean "redirectTo"?')
    for (const name of ['mode', 'consume', 'stripCredential']) {
      expectMisconfigured(make({ [name]: undefined }), 'option_unknown')
    }
  })
})
