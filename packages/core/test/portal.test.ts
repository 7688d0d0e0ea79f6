import { createSigner, createVerifier } from '@countersign/core'
import { expectMisconfigured } from './support/errors'
import { inProduction } from './support/process'
import { jwt, link } from './support/schemes'
import { CURRENT } from './support/secrets'

const secret = CURRENT

describe('a portal', () => {
  it('knows its ids, its server and its audience', () => {
    expect(jwt({ secret, projectKey: 'project' })).toMatchObject({
      ids: { projectKey: 'project' },
      baseUrl: 'https://jwt.example',
      audience: 'project',
    })
    expect(link({ secret })).toMatchObject({ ids: { slug: undefined }, audience: null })
    expect(Object.isFrozen(link({ secret }))).toBe(true)
  })

  it.each([
    '',
    'a/b',
    '../admin',
    '.',
    '..',
    'a?x',
    'a#x',
    'a%2fb',
    'a\r\nLocation:',
    '@evil.example',
    '。',
    'x'.repeat(65),
    7,
    null,
  ])('has no id like %p, which could leave its place in a path', (slug) => {
    expectMisconfigured(() => link({ secret, slug: slug as string }), 'option_invalid') // some wrong on purpose
  })

  it.each([
    ['https://self.example', 'https://self.example'],
    ['https://self.example/', 'https://self.example'],
    ['https://self.example/a/b//', 'https://self.example/a/b'],
    ['https://self.example:8443', 'https://self.example:8443'],
    ['http://localhost:3000', 'http://localhost:3000'],
  ])('may have another server: %s', (baseUrl, kept) => {
    expect(link({ secret, baseUrl }).baseUrl).toBe(kept)
  })

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    '//evil.example',
    '/portal',
    'self.example',
    'ftp://self.example',
    'https://user:pass@self.example',
    'https://user@self.example',
    'https://self.example/?token=x',
    'https://self.example/?',
    'https://self.example/#',
    'https://self.example/#a',
    '',
    7,
    null,
  ])('has no server like %p', (baseUrl) => {
    expectMisconfigured(() => link({ secret, baseUrl: baseUrl as string }), 'option_invalid') // some wrong on purpose
  })

  it('has no server without encryption in production', () => {
    inProduction(() => {
      expectMisconfigured(
        () => link({ secret, baseUrl: 'http://localhost:3000' }),
        'option_invalid',
      )
      expect(() => link({ secret, baseUrl: 'https://localhost:3000' })).not.toThrow()
    })
  })

  it('needs its ids only to sign, and says which', () => {
    expect(() => createVerifier(link({ secret }))).not.toThrow()
    expectMisconfigured(() => createSigner(link({ secret })), 'id_missing')
    expect(() => createSigner(link({ secret }))).toThrow('Pass it: link({ slug, secret }).')
  })

  it('needs its options', () => {
    const careless = link as unknown as () => unknown // wrong on purpose
    expectMisconfigured(() => careless(), 'secret_missing')
  })
})
