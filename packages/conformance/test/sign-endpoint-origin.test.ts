import type { RawHeader } from '../src'
import { FRAMEWORKS } from './transport-frameworks'
import { JSON_TYPE, portals } from './transport-kit'
import { call, expectNothingSigned, LINKS, outcome, sentWith, watched } from './sign-endpoint-kit'

const APP = 'https://app.example.com'
const HOST: RawHeader = ['Host', 'app.example.com']
const origin = (value: string): RawHeader => ['Origin', value]
const site = (value: string): RawHeader => ['Sec-Fetch-Site', value]
const listed = { allowedOrigins: [APP, 'https://admin.example.com'] }
const REFUSED = '403 csrf_rejected'

describe.each(FRAMEWORKS)('who may call a sign endpoint, on $name', (framework) => {
  const outcomeOf = async (headers: readonly RawHeader[], options = {}): Promise<string> =>
    outcome(await call(framework, { options }, sentWith(HOST, ...headers)))

  it('SE-11 is no other site', async () => {
    const { seen, onRejected } = watched()
    const answer = await call(framework, { options: { onRejected } }, sentWith(site('cross-site')))
    expect(outcome(answer)).toBe(REFUSED)
    expectNothingSigned(answer)
    expect(seen).toEqual(['csrf_rejected'])
    expect(await outcomeOf([site('cross-site'), origin(APP)])).toBe(REFUSED)
    expect(await outcomeOf([site('cross-site'), origin('https://evil.test')], listed)).toBe(REFUSED)
  })

  it('SE-12 is no sibling of the site, unless its origin is listed', async () => {
    const sibling = origin('https://admin.example.com')
    expect(await outcomeOf([site('same-site')])).toBe(REFUSED)
    expect(await outcomeOf([site('same-site'), sibling])).toBe(REFUSED)
    expect(await outcomeOf([site('same-site'), sibling], listed)).toBe('200')
    expect(await outcomeOf([site('same-site'), origin('https://x.example.com')], listed)).toBe(
      REFUSED,
    )
    expect(await outcomeOf([site('same-site')], listed)).toBe(REFUSED)
  })

  it('SE-13 is no other origin, where the browser says nothing of the site', async () => {
    for (const options of [{}, listed]) {
      expect(await outcomeOf([origin('https://evil.test')], options)).toBe(REFUSED)
    }
  })

  it('SE-14 is no origin that hides itself', async () => {
    for (const options of [{}, listed]) {
      expect(await outcomeOf([origin('null')], options)).toBe(REFUSED)
      expect(await outcomeOf([origin('null'), site('cross-site')], options)).toBe(REFUSED)
    }
  })

  it.each([
    `${APP}.evil.test`,
    'https://evilapp.example.com',
    `${APP}:8443`,
    'https://example.com',
    `${APP}, https://evil.test`,
    `https://evil.test/${APP}`,
    'https://app.example.com@evil.test',
    'file://',
  ])('SE-15 is no origin that only looks like ours: %s', async (value) => {
    expect(await outcomeOf([origin(value)])).toBe(REFUSED)
    expect(await outcomeOf([origin(value)], listed)).toBe(REFUSED)
  })

  it('SE-15 is no origin of another scheme: by the list, and by what the browser says', async () => {
    const plain = origin('http://app.example.com')
    expect(await outcomeOf([plain], listed)).toBe(REFUSED)
    expect(await outcomeOf([plain, site('cross-site')])).toBe(REFUSED)
  })

  it('SE-15 is no origin twice, and no site twice', async () => {
    expect(await outcomeOf([origin(APP), origin('https://evil.test')], listed)).toBe(REFUSED)
    expect(await outcomeOf([site('same-origin'), site('cross-site')])).toBe(REFUSED)
  })

  it('is a page of the application itself', async () => {
    expect(await outcomeOf([site('same-origin')])).toBe('200')
    expect(await outcomeOf([site('same-origin'), origin(APP)])).toBe('200')
    expect(await outcomeOf([origin(APP)])).toBe('200')
    expect(await outcomeOf([origin(APP)], listed)).toBe('200')
  })

  it('SE-16 is what sends neither Origin nor Sec-Fetch-Site: it is no browser', async () => {
    expect(await outcomeOf([])).toBe('200')
    expect(await outcomeOf([], listed)).toBe('200')
    expect(await outcomeOf([['Cookie', 'session=1'], JSON_TYPE])).toBe('200')
  })

  it('SE-17 is nothing that posts plain text and does not say from where', async () => {
    for (const type of ['text/plain', 'Text/Plain; charset=utf-8']) {
      expect(await outcomeOf([['Content-Type', type]])).toBe(REFUSED)
      expect(await outcomeOf([['Content-Type', type], site('same-origin')])).toBe('200')
    }
  })

  it('SE-18 is nobody that a preflight did not name', async () => {
    const asks: RawHeader = ['Access-Control-Request-Method', 'POST']
    for (const options of [{}, listed]) {
      const request = { method: 'OPTIONS', headers: [HOST, origin('https://evil.test'), asks] }
      const answer = await call(framework, { options }, request)
      expect(answer.status).toBe(204)
      expect(answer.body).toBe('')
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
      expect(answer.headers).not.toHaveProperty('access-control-allow-credentials')
    }
  })

  it('SE-19 is a listed origin, named exactly and with its cookies', async () => {
    for (const method of ['POST', 'OPTIONS']) {
      const request = { method, headers: [HOST, origin(APP), site('cross-site')] }
      const { status, headers } = await call(framework, { options: listed }, request)
      expect(status).toBe(method === 'POST' ? 200 : 204)
      expect(headers).toMatchObject({
        'access-control-allow-origin': APP,
        'access-control-allow-credentials': 'true',
        vary: 'Origin',
      })
    }
  })

  it('SE-19 is told why it was refused only where it is listed', async () => {
    const options = { ...listed, user: () => null }
    const known = await call(framework, { options }, sentWith(origin(APP)))
    expect(outcome(known)).toBe('401 unauthenticated')
    expect(known.headers['access-control-allow-origin']).toBe(APP)
    const stranger = await call(framework, { options }, sentWith(origin('https://evil.test')))
    expect(outcome(stranger)).toBe(REFUSED)
    expect(stranger.headers).not.toHaveProperty('access-control-allow-origin')
    expect(stranger.headers['vary']).toBe('Origin')
  })

  it('SE-19 is never everyone: without a list no answer speaks of origins', async () => {
    const { headers } = await call(framework, {}, sentWith(HOST, origin(APP)))
    const names = Object.keys(headers).filter((name) => name.startsWith('access-control'))
    expect(names).toEqual([])
  })

  it('SE-21 is the application itself for GET too, or someone who typed the address', async () => {
    for (const scheme of LINKS) {
      const portal = portals()[scheme]
      const get = async (...headers: RawHeader[]): Promise<string> =>
        outcome(await call(framework, { portal }, { method: 'GET', headers: [HOST, ...headers] }))
      expect(await get(site('same-origin'))).toBe('200')
      expect(await get(site('none'))).toBe('200')
      expect(await get(site('cross-site'))).toBe(REFUSED)
      expect(await get(site('same-site'))).toBe(REFUSED)
      expect(await get(origin('https://evil.test'))).toBe(REFUSED)
    }
    expect(await outcomeOf([site('none')])).toBe(REFUSED)
  })
})
