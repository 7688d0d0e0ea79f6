import { redactUrl } from '@countersign/express'
import { createLeakScanner, verdictOf } from '../src'
import { ask, everywhere } from './ask'
import { asData, credentialOf, forge } from './forge'

describe('LK-12: stripCredential', () => {
  const { leaksIn } = createLeakScanner()

  it.each(everywhere)('leaves later loggers no credential: $scheme on $name', async (each) => {
    const { front, scheme } = each
    const plain = scheme === 'fdback' ? asData(forge(scheme)) : forge(scheme)
    const [path, query] = plain.target.split('?') as [string, string]
    const spellings = [
      query,
      query.replace(/^./, (char) => `%${Buffer.from(char).toString('hex')}`),
    ]
    for (const spelling of spellings) {
      const request = { ...plain, target: `${path}?a=1&${spelling}&b=%20` }
      const sensitive = [{ label: 'credential', bytes: Buffer.from(credentialOf(plain)) }]
      const stripped = await ask(front, { scheme, request, options: { stripCredential: true } })
      const kept = await ask(front, { scheme, request })
      expect([stripped, kept].map(verdictOf)).toEqual(['200', '200'])
      const leaks = [stripped, kept].map(({ handled }) =>
        (handled?.urls ?? []).map((url) => leaksIn(url, sensitive).length),
      )
      expect(leaks[0]).toEqual(leaks[0]?.map(() => 0))
      expect(leaks[1]).toEqual(leaks[1]?.map(() => 1))
      expect(stripped.handled?.urls.slice(0, 2).map((url) => url.split('?')[1])).toEqual([
        'a=1&b=%20',
        'a=1&b=%20',
      ])
    }
  })
})

describe('LK-13: redactUrl', () => {
  it.each([
    ['/p?token=abc.def', '/p?token=REDACTED'],
    ['/p?a=1&sig=abc%2Bdef%3D&b=2', '/p?a=1&sig=REDACTED&b=2'],
    ['/p?%74oken=abc', '/p?%74oken=REDACTED'],
    ['/p?tok%65n=abc', '/p?tok%65n=REDACTED'],
    ['/p?token[]=abc&token[x]=def', '/p?token[]=REDACTED&token[x]=REDACTED'],
    ['/p?token%5B%5D=abc', '/p?token%5B%5D=REDACTED'],
    ['/p?TOKEN=abc&Sig=def', '/p?TOKEN=REDACTED&Sig=REDACTED'],
    ['/p?token=abc&token=def', '/p?token=REDACTED&token=REDACTED'],
    ['/p?data=abc', '/p?data=REDACTED'],
    ['https://featkit.com/p/acme?token=a.b#x', 'https://featkit.com/p/acme?token=REDACTED#x'],
    ['/p?tokens=abc&design=def', '/p?tokens=abc&design=def'],
    ['/p', '/p'],
  ])('writes %s as %s', (url, redacted) => {
    expect(redactUrl(url)).toBe(redacted)
  })
})
