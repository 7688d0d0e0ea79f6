import { createSignEndpoint, createVerifier } from '@countersign/core'
import { fdback, featkit } from '@countersign/core/schemes'
import { expectMisconfigured } from '../support/errors'
import { catchingWarnings } from '../support/process'
import { accepted, now, view } from '../support/request'
import { CURRENT } from '../support/secrets'
import { links, user, type Options, type Session } from './call'

catchingWarnings() // of refused calls

const portal = featkit({ secret: CURRENT, slug: 'acme', baseUrl: 'https://ideas.example.com' })
const allow = ['https://ideas.example.com/p/acme', 'https://acme.example:8443']
const returnTo = { parameter: 'return_to', allow, passAs: 'return_to' }

/** Where the visitor is sent, or the code of the refusal. */
async function visit(query: string, options: Options = {}): Promise<string> {
  const all = { now, user, respond: 'redirect', signedOut: '/login', returnTo, ...options } as const
  const request = view<Session>({ query, native: { user: { id: 'u1' } } })
  const { headers, body } = await createSignEndpoint(portal, all)(request)
  return headers['location'] ? String(headers['location']) : (JSON.parse(body) as Refused).code
}
interface Refused {
  readonly code: string
}
const asking = (address: string) => `return_to=${encodeURIComponent(address)}`
const back = (url: string) => new URL(url).searchParams.get('return_to')

describe('the address that a visitor brings along', () => {
  it.each([
    'https://ideas.example.com/p/acme',
    'https://ideas.example.com/p/acme/7?sort=new#top',
    'https://acme.example:8443/anything',
    '/p/acme/7?a=b&c=d',
  ])('is passed on to the portal where it is allowed: %s', async (address) => {
    expect(back(await visit(asking(address)))).toBe(address)
  })

  const origins = ['https://evil.example', 'https://acme.example', 'https://acme.example:8443.evil']
  const paths = [
    'https://ideas.example.com',
    `${allow[0]}s`,
    `${allow[0]}/..%2f..%2fadmin`,
    '/admin',
  ]
  const users = ['https://ideas.example.com@evil.example/p/acme', 'https://a@acme.example:8443/']
  const odd = ['https://ideas.example.com\\@evil.example', 'https:ideas.example.com/p/acme']
  const more = ['http://ideas.example.com/p/acme', 'https:///ideas.example.com/p/acme', 'https://[']
  const relative = ['//evil.example', '/\\evil.example', 'p/acme', '/p/acme/../../admin']
  const texts = ['javascript:alert(1)', 'https://acme.example:8443/\nx']

  it.each([...origins, ...paths, ...users, ...odd, ...more, ...relative, ...texts])(
    'is refused elsewhere, signed in or not: %j',
    async (address) => {
      expect(await visit(asking(address))).toBe('return_to_invalid')
      expect(await visit(asking(address), { user: () => null })).toBe('return_to_invalid')
    },
  )

  it('is refused where it is sent twice', async () => {
    expect(await visit('return_to=/p/acme&return_to=/p/acme')).toBe('return_to_invalid')
  })

  it('is not passed on without `passAs`, and may be absent', async () => {
    const plain = /^https:\/\/ideas\.example\.com\/p\/acme\?token=[\w.=-]+$/
    const silent = { returnTo: { parameter: 'return_to', allow } }
    expect(await visit(asking('/p/acme/7'), silent)).toMatch(plain)
    expect(await visit('sort=new')).toMatch(plain)
  })
})

describe('a signed-out visitor', () => {
  it.each([
    ['/login', {}, '/login?return_to='],
    ['/login?from=portal#form', {}, '/login?from=portal&return_to='],
    ['/login', { parameter: 'go' }, '/login?go='],
    ['/login', { loginParameter: 'next' }, '/login?next='],
  ])('takes the path of the sign endpoint along to %s %j', async (signedOut, more, start) => {
    const query = `companyId=7&${asking('https://ideas.example.com/p/acme/7')}`
    const options = { user: () => null, signedOut, returnTo: { ...returnTo, ...more } }
    const [, fragment] = signedOut.split('#')
    const end = fragment === undefined ? '' : `#${fragment}`
    const path = `${start}${encodeURIComponent(`/portal?${query}`)}${end}`
    expect(await visit(query, options)).toBe(path)
  })
})

it('does not take a path along that leads to another origin', async () => {
  const options = {
    now,
    user: () => null,
    respond: 'redirect',
    signedOut: '/login',
    returnTo,
  } as const
  const request = { ...view<Session>(), target: '//evil.example' }
  expect(await createSignEndpoint(portal, options)(request)).toMatchObject({
    headers: { location: '/login' },
  })
})

describe('the option `returnTo`', () => {
  it.each<[string, object]>([
    ['no list', { parameter: 'return_to' }],
    ['an empty list', { ...returnTo, allow: [] }],
    ['a wildcard', { ...returnTo, allow: ['https://*.example.com'] }],
    ['a path', { ...returnTo, allow: ['/p/acme'] }],
    ['another protocol', { ...returnTo, allow: ['javascript://example.com'] }],
    ['a query', { ...returnTo, allow: ['https://example.com/?a=b'] }],
    ['no parameter', { allow }],
    ['a parameter that needs encoding', { ...returnTo, parameter: 'a b' }],
  ])('is refused with %s', (_, wrong) => {
    const options = { user, respond: 'redirect', returnTo: wrong as typeof returnTo } as const // wrong on purpose
    expectMisconfigured(() => createSignEndpoint(links, options), 'option_invalid')
  })

  it('is refused without a redirect', () => {
    expectMisconfigured(() => createSignEndpoint(links, { user, returnTo }), 'option_invalid')
  })
})

describe('a portal that takes a form', () => {
  const requests = fdback({ secret: CURRENT, workspaceId: 'demo' })
  const name = '</script>"Zoë" & co'
  const endpoint = createSignEndpoint(requests, {
    now,
    respond: 'redirect',
    returnTo: { ...returnTo, allow: ['https://app.fdback.io'] },
    user: () => ({ email: 'zoe@example.com', name }),
  })

  it('gets it from a page that posts by itself', async () => {
    const { status, headers, body } = await endpoint(view({ query: 'return_to=/board' }))
    expect([status, headers['cache-control']]).toEqual([200, 'no-store'])
    expect(body).toContain(
      '<form method="post" action="https://app.fdback.io/api/auth/sdk-login?return_to=%2Fboard">',
    )
    const inputs = [...body.matchAll(/name="([^"]*)" value="([^"]*)"/g)]
    const fields = inputs.map(
      ([, field = '', value = '']) => [field, unescaped(value)] as [string, string],
    )
    const form = new URLSearchParams(fields).toString()
    const posted = view({
      method: 'POST',
      headers: [['content-type', 'application/x-www-form-urlencoded']],
      body: Buffer.from(form),
    })
    const { user: found } = accepted(await createVerifier(requests, { now }).verify(posted))
    expect(found).toMatchObject({ email: 'zoe@example.com', name })
  })
})

function unescaped(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
}
