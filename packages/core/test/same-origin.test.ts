import { assertOrigins, corsHeaders, refuseCrossSite } from '../src/same-origin'
import { expectMisconfigured, expectRejection, thrown } from './support/errors'
import { view } from './support/request'

type Headers = Readonly<Record<string, string>>

const PARTNER = 'https://partner.example'

function call(headers: Headers, allowed: readonly string[] = [], method = 'POST'): string {
  const sent = { host: 'app.example', ...headers }
  try {
    refuseCrossSite(view({ method, headers: Object.entries(sent) }), allowed)
    return 'passes'
  } catch (error) {
    expectRejection(error, 'csrf_rejected')
    return 'refused'
  }
}

describe('a call of a sign endpoint', () => {
  it.each<[string, Headers, string]>([
    ['a page of the same origin', { 'sec-fetch-site': 'same-origin' }, 'passes'],
    ['another site', { 'sec-fetch-site': 'cross-site' }, 'refused'],
    ['a sister of the same site', { 'sec-fetch-site': 'same-site' }, 'refused'],
    ['nobody, by POST', { 'sec-fetch-site': 'none' }, 'refused'],
    ['a word that no browser sends', { 'sec-fetch-site': 'Same-Origin' }, 'refused'],
    [
      'another site that names our origin',
      { 'sec-fetch-site': 'cross-site', origin: 'https://app.example' },
      'refused',
    ],
    [
      'a page of the same origin that names another',
      { 'sec-fetch-site': 'same-origin', origin: PARTNER },
      'passes',
    ],
    ['our origin', { origin: 'https://app.example' }, 'passes'],
    [
      'our origin, the host in upper case',
      { origin: 'https://app.example', host: 'APP.example' },
      'passes',
    ],
    [
      'our origin over HTTP/2',
      { origin: 'https://app.example', host: '', ':authority': 'app.example' },
      'passes',
    ],
    [
      'our origin with a port',
      { origin: 'http://app.example:8080', host: 'app.example:8080' },
      'passes',
    ],
    ['another origin', { origin: 'https://evil.example' }, 'refused'],
    ['no origin in particular', { origin: 'null' }, 'refused'],
    ['an origin that ends like ours', { origin: 'https://evilapp.example' }, 'refused'],
    ['an origin that begins like ours', { origin: 'https://app.example.evil.example' }, 'refused'],
    ['our host on another port', { origin: 'https://app.example:8443' }, 'refused'],
    ['what is no origin', { origin: 'app.example' }, 'refused'],
    ['an origin, to no host', { origin: 'https://app.example', host: '' }, 'refused'],
    ['no browser', {}, 'passes'],
    ['no browser, as JSON', { 'content-type': 'application/json' }, 'passes'],
    ['a form that says nothing of itself', { 'content-type': 'text/plain' }, 'refused'],
    ['the same with a charset', { 'content-type': ' Text/Plain; charset=utf-8' }, 'refused'],
  ])('from %s', (_, headers, expected) => {
    expect(call(headers)).toBe(expected)
  })

  it('may be a navigation that a person began, where it changes nothing', () => {
    expect(call({ 'sec-fetch-site': 'none' }, [], 'GET')).toBe('passes')
    expect(call({ 'sec-fetch-site': 'cross-site' }, [], 'GET')).toBe('refused')
  })

  it('may come from an allowed origin, by its exact name', () => {
    const allowed = [PARTNER]
    expect(call({ origin: PARTNER }, allowed)).toBe('passes')
    expect(call({ origin: PARTNER, 'sec-fetch-site': 'cross-site' }, allowed)).toBe('passes')
    for (const origin of [
      'http://partner.example',
      `${PARTNER}:8443`,
      `${PARTNER}.evil.example`,
      'https://PARTNER.example',
    ]) {
      expect(call({ origin }, allowed)).toBe('refused')
    }
  })

  it('has to come from the list where there is one, for a host can be forged', () => {
    expect(call({ origin: 'https://app.example' }, [PARTNER])).toBe('refused')
    expect(call({ origin: 'https://app.example' }, [PARTNER, 'https://app.example'])).toBe('passes')
    expect(call({ 'sec-fetch-site': 'same-origin' }, [PARTNER])).toBe('passes')
  })

  it('from two origins at once comes from none that is allowed', () => {
    const request = view({
      method: 'POST',
      headers: [
        ['origin', PARTNER],
        ['Origin', PARTNER],
      ],
    })
    expectRejection(
      thrown(() => refuseCrossSite(request, [PARTNER])),
      'csrf_rejected',
    )
  })
})

describe('what an answer tells a browser of another origin', () => {
  const told = (origin: string, allowed: readonly string[]) =>
    corsHeaders(view({ headers: [['origin', origin]] }), allowed)

  it('is nothing where there is no list', () => {
    expect(told(PARTNER, [])).toEqual({})
  })

  it('is that it may read, where it is on the list', () => {
    expect(told(PARTNER, ['https://other.example', PARTNER])).toEqual({
      vary: 'Origin',
      'access-control-allow-origin': PARTNER,
      'access-control-allow-credentials': 'true',
    })
  })

  it('is only that it matters who asks, where it is not', () => {
    expect(told('https://evil.example', [PARTNER])).toEqual({ vary: 'Origin' })
  })
})

describe('the list of other origins', () => {
  it('holds exact origins', () => {
    expect(() => assertOrigins([])).not.toThrow()
    expect(() => assertOrigins([PARTNER, 'http://localhost:3000'])).not.toThrow()
  })

  it.each([
    '*',
    'partner.example',
    'https://partner.example/',
    'https://partner.example/app',
    'https://*.partner.example/',
    'HTTPS://partner.example',
    'https://user@partner.example',
    'https://partner.example:443',
    'null',
    '',
    null,
    7,
  ])('does not hold %p', (origin) => {
    expectMisconfigured(() => assertOrigins([origin as string]), 'option_invalid') // some wrong on purpose
  })

  it('is a list', () => {
    expectMisconfigured(() => assertOrigins(PARTNER as unknown as string[]), 'option_invalid') // wrong on purpose
  })
})
