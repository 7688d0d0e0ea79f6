import { oneOf, query, redactUrl, stripParameters, type Portal } from '@countersign/core'
import * as schemes from '@countersign/core/schemes'
import { link } from './support/schemes'
import { CURRENT } from './support/secrets'

describe('redactUrl', () => {
  it.each([
    ['/p?token=abc', '/p?token=REDACTED'],
    ['/p?a=b&sig=abc&c=d', '/p?a=b&sig=REDACTED&c=d'],
    ['/p?data=abc%3D#top', '/p?data=REDACTED#top'],
    ['/p?signature=a&_signature=b', '/p?signature=REDACTED&_signature=REDACTED'],
    ['/p?access_token=', '/p?access_token=REDACTED'],
    ['https://a.example/p?token=abc', 'https://a.example/p?token=REDACTED'],
    ['/p#token=abc', '/p#token=REDACTED'],
    ['/p?%74oken=abc', '/p?%74oken=REDACTED'],
    ['/p?TOKEN=abc&Sig=abc', '/p?TOKEN=REDACTED&Sig=REDACTED'],
    ['/p?token[]=abc&token%5Bx%5D=abc', '/p?token[]=REDACTED&token%5Bx%5D=REDACTED'],
    ['/p?token=a&token=b', '/p?token=REDACTED&token=REDACTED'],
    ['/p?token=a?b;c=d&e=f==', '/p?token=REDACTED&e=f=='],
    ['/p?a=b;token=abc', '/p?a=b;token=REDACTED'],
    ['/login?next=/p?token=abc', '/login?next=/p?token=REDACTED'],
    ['/l?to=%2Fp%3Ftoken%3Dabc%26b%3Dc&d=e', '/l?to=%2Fp%3Ftoken%3DREDACTED%26b%3Dc&d=e'],
    ['/l?to=%2Fl%3Fto%3D%252Fp%253Fsig%253Dabc', '/l?to=%2Fl%3Fto%3D%252Fp%253Fsig%253DREDACTED'],
    ['/l?to=%252Fp%253Fsig%253Dabc', '/l?to=%252Fp%253Fsig%253DREDACTED'],
    ['/p#id_token=abc', '/p#id_token=REDACTED'],
    ['?token=abc', '?token=REDACTED'],
    ['/p?a=%3Ftoken%3Dx%26b%3D\uD800', '/p?a=%3Ftoken%3DREDACTED%26b%3D%EF%BF%BD'],
  ])('replaces what can contain a credential: %s', (url, redacted) => {
    expect(redactUrl(url)).toBe(redacted)
  })

  it.each([
    '',
    '/p?',
    '/p?a=b&tokens=a&xtoken=b',
    '/token=a/b?c=d',
    '/p?token',
    '/p?%zz=a&a=%zz',
    '/p?;?&#=&',
    '/login?next=%2fp%3fa%3db',
    'https://token@a.example/sig?x=token',
  ])('leaves everything else as it is: "%s"', (url) => {
    expect(redactUrl(url)).toBe(url)
  })

  it('replaces the credential of every built-in scheme', () => {
    const { seggwat, ...factories } = schemes
    const portals = [seggwat, ...Object.values(factories)].map((make) =>
      make({ secret: 'ab'.repeat(32) }),
    )
    expect(portals.length).toBeGreaterThan(16)
    for (const { scheme } of portals) {
      for (const name of scheme.carrier.parameters.slice(-1)) {
        // before it may be an identifier
        expect(redactUrl(`/p?${name}=a.b`)).toBe(`/p?${name}=REDACTED`)
      }
    }
    expect(redactUrl('/p?sso=a')).toBe('/p?sso=REDACTED')
  })

  it('replaces the parameters of your own schemes where their portals are passed', () => {
    const portal: Portal = link({ secret: CURRENT })
    const carrier = oneOf(query('Acme'), query('acme2'))
    const own = { ...portal, scheme: { ...portal.scheme, carrier } } as unknown as Portal // any value
    const url = '/p?acme=a&ACME2=b&token=c'
    expect(redactUrl(url)).toBe('/p?acme=a&ACME2=b&token=REDACTED')
    for (const portals of [own, [portal, own]]) {
      expect(redactUrl(url, portals)).toBe('/p?acme=REDACTED&ACME2=REDACTED&token=REDACTED')
    }
  })
})

describe('stripParameters', () => {
  it.each([
    ['/p?token=abc', '/p'],
    ['/p?a=b&token=abc&c=d&sig=e', '/p?a=b&c=d'],
    ['/p?%74oken=abc&a=b', '/p?a=b'],
    ['/p?token', '/p'],
    ['/p?a=%zz&%zz=b&token=c', '/p?a=%zz&%zz=b'],
    ['/p?Token=a&tokens=b', '/p?Token=a&tokens=b'],
    ['/p', '/p'],
    ['/p?', '/p?'],
    ['/p?a=b?token=c', '/p?a=b?token=c'],
  ])('removes these parameters and nothing else: %s', (target, stripped) => {
    expect(stripParameters(target, ['token', 'sig'])).toBe(stripped)
  })
})
