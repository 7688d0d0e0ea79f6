import { createHash } from 'node:crypto'
import { createSignEndpoint, type Portal, type SignEndpointOptions } from '@countersign/core'
import {
  canny,
  discourseConnect,
  identifierHash,
  intercom,
  zendesk,
} from '@countersign/core/schemes'
import { expectMisconfigured } from '../support/errors'
import { catchingWarnings } from '../support/process'
import { NOW, now, view } from '../support/request'
import { CURRENT } from '../support/secrets'
import { PRIVATE } from './call'

catchingWarnings() // of refused calls

const secret = CURRENT
const ada = { id: 7, email: 'ada@example.com', name: 'Ada Okafor' }
const tickets = zendesk({ secret, subdomain: 'acme' })

function call(portal: Portal, query: string, options: object = {}) {
  const all = { now, user: () => ada, ...options } as unknown as SignEndpointOptions<never, object> // of any portal
  const endpoint = createSignEndpoint(portal, all)
  return endpoint(view<object>({ method: 'GET', query }))
}

describe('a sign endpoint', () => {
  it.each<readonly [string, Portal, number | null]>([
    ['a JWT', intercom({ secret }), NOW + 3_600_000],
    ['a hash that never expires', identifierHash({ secret }), null],
  ])('responds with a value for the page, not to be stored: %s', async (_, portal, expiresAt) => {
    const { status, headers, body } = await call(portal, '')
    expect([status, headers]).toEqual([200, { ...PRIVATE, 'content-type': 'application/json' }])
    expect(JSON.parse(body)).toMatchObject({ value: expect.any(String), expiresAt })
  })

  it('responds with the fields of a form', async () => {
    const { body } = await call(tickets, 'return_to=https://acme.zendesk.com/hc')
    expect(JSON.parse(body)).toEqual({
      url: 'https://acme.zendesk.com/access/jwt',
      fields: { jwt: expect.any(String), return_to: 'https://acme.zendesk.com/hc' },
      expiresAt: NOW + 180_000,
    })
  })

  it('redirects with a page that posts the form, and that runs no other script', async () => {
    const query = `return_to=${encodeURIComponent('https://acme.zendesk.com/hc?a=1&b=2')}`
    const { status, headers, body } = await call(tickets, query, { respond: 'redirect' })
    const script = /<script>(.*)<\/script>/.exec(body)?.[1] ?? ''
    const hash = createHash('sha256').update(script).digest('base64')
    expect([status, headers]).toEqual([
      200,
      {
        ...PRIVATE,
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': `default-src 'none'; script-src 'sha256-${hash}'; base-uri 'none'; frame-ancestors 'none'`,
      },
    ])
    expect(body).toContain('<form method="post" action="https://acme.zendesk.com/access/jwt">')
    expect(body).toMatch(/<input type="hidden" name="jwt" value="[\w.-]+">/)
    expect(body).toContain('value="https://acme.zendesk.com/hc?a=1&#38;b=2"')
  })

  it('redirects a visitor that the portal sent, with the parameters that it wants back', async () => {
    const portal = canny({ secret, companyId: 'c1' })
    const query = 'companyID=c1&redirect=https://acme.canny.io/b'
    const { status, headers } = await call(portal, query, { respond: 'redirect' })
    expect([status, headers['location']]).toEqual([
      302,
      expect.stringMatching(/^https:\/\/canny\.io\/.*&redirect=https%3A%2F%2Facme\.canny\.io%2Fb$/),
    ])
  })

  it('keeps what a signed-out visitor brought along, through the login', async () => {
    const options = { respond: 'redirect', signedOut: '/login', user: () => null }
    const portal = canny({ secret, companyId: 'c1' })
    const { status, headers } = await call(
      portal,
      'companyID=c1&redirect=https://canny.io',
      options,
    )
    const back = encodeURIComponent('/portal?companyID=c1&redirect=https://canny.io')
    expect([status, headers['location']]).toEqual([302, `/login?return_to=${back}`])
  })

  it.each([
    ['redirect=https://evil.example', canny({ secret, companyId: 'c1' }), 400, 'return_to_invalid'],
    ['', discourseConnect({ secret, baseUrl: 'https://forum.example' }), 401, 'credential_missing'],
  ])('signs nothing for another arrival: %s', async (query, portal, status, code) => {
    const response = await call(portal, query, { respond: 'redirect' })
    expect([response.status, JSON.parse(response.body)]).toMatchObject([status, { code }])
    expect(response.headers['location']).toBeUndefined()
  })

  it('does not redirect with what a page hands over', () => {
    const options = { user: () => ada, respond: 'redirect' } as const
    expectMisconfigured(() => createSignEndpoint(intercom({ secret }), options), 'option_invalid')
  })
})
