import { compactJws } from '@countersign/core'
import { expectRejection, thrown } from './support/errors'
import { forgeJwt } from './support/forge'

const PAYLOAD = Buffer.from('{"sub":"u1"}').toString('base64url')
const MAC = 'A'.repeat(42) + 'A'

function withHeader(header: string | object): string {
  const text = typeof header === 'string' ? header : JSON.stringify(header)
  return `${Buffer.from(text).toString('base64url')}.${PAYLOAD}.${MAC}`
}

function expectCode(sent: string, code: 'token_malformed' | 'algorithm_not_allowed'): void {
  expectRejection(
    thrown(() => compactJws.open(sent)),
    code,
  )
}

describe('a compact JWS', () => {
  it('is signed over header and payload as they were sent', () => {
    const sent = forgeJwt({ sub: 'u1' })
    const { input, signature, tenant, claims } = compactJws.open(sent)
    expect(input).toEqual([sent.slice(0, sent.lastIndexOf('.'))])
    expect(signature).toHaveLength(32)
    expect(tenant).toBeNull()
    expect(claims()).toEqual({ sub: 'u1' })
  })

  it.each([
    ['the usual header', { alg: 'HS256', typ: 'JWT' }],
    ['no type', { alg: 'HS256' }],
    ['a type in lower case', { typ: 'jwt', alg: 'HS256' }],
    ['a key id', { alg: 'HS256', kid: 'k1' }],
    ['an empty key id', { alg: 'HS256', kid: '' }],
    ['the longest key id', { alg: 'HS256', kid: 'k'.repeat(256) }],
    ['white space', '{ "typ":"JWT",\r\n "alg":"HS256" }'],
    ['escapes', '{"\\u0061lg":"HS256"}'],
  ])('may have %s', (_, header) => {
    expect(compactJws.open(withHeader(header)).claims()).toEqual({ sub: 'u1' })
  })

  it.each([
    ['crit', { alg: 'HS256', crit: ['b64'], b64: false }],
    ['b64', { alg: 'HS256', b64: true }],
    ['zip', { alg: 'HS256', zip: 'DEF' }],
    ['cty', { alg: 'HS256', cty: 'JWT' }],
    ['jwk', { alg: 'HS256', jwk: { kty: 'oct', k: '' } }],
    ['jku', { alg: 'HS256', jku: 'https://evil.example/keys' }],
    ['x5u', { alg: 'HS256', x5u: 'https://evil.example/cert' }],
    ['enc', { alg: 'HS256', enc: 'A256GCM' }],
    ['its name in another case', { alg: 'HS256', Alg: 'none' }],
    ['a type that is no JWT', { alg: 'HS256', typ: 'at+jwt' }],
    ['a type that is no text', { alg: 'HS256', typ: null }],
    ['a key id that is no text', { alg: 'HS256', kid: 1 }],
    ['a key id that is too long', { alg: 'HS256', kid: 'k'.repeat(257) }],
    ['two algorithms', '{"alg":"HS256","alg":"none"}'],
    ['two algorithms, one escaped', '{"alg":"none","\\u0061lg":"HS256"}'],
    ['a prototype', '{"alg":"HS256","__proto__":{"alg":"none"}}'],
    ['a list for a header', '["HS256"]'],
    ['a header that is no JSON', 'HS256'],
    ['a byte order mark', '\ufeff{"alg":"HS256"}'],
  ])('is malformed with %s', (_, header) => {
    expectCode(withHeader(header), 'token_malformed')
  })

  it.each([
    'none',
    'None',
    'hs256',
    'HS256 ',
    'HS384',
    'HS512',
    'RS256',
    'ES256',
    'PS256',
    'dir',
    '',
  ])('is refused for the algorithm %p', (alg) =>
    expectCode(withHeader({ alg, typ: 'JWT' }), 'algorithm_not_allowed'),
  )

  it.each([null, 1, true, ['HS256'], { HS256: 1 }, undefined])(
    'is refused for the algorithm %p, which is no name',
    (alg) => expectCode(withHeader({ alg }), 'algorithm_not_allowed'),
  )

  it('is refused for its algorithm before its signature is measured', () => {
    const [header, payload] = withHeader({ alg: 'HS512' }).split('.')
    expectCode(`${header}.${payload}.${'A'.repeat(86)}`, 'algorithm_not_allowed')
    const usual = forgeJwt().split('.')
    expectCode(`${usual[0]}.${usual[1]}.${'A'.repeat(86)}`, 'token_malformed')
  })

  it('looks at no header above 1024 characters', () => {
    const parse = jest.spyOn(JSON, 'parse')
    const padded = (blanks: number) => withHeader(`{"alg":"HS256"${' '.repeat(blanks)}}`)
    const header = (sent: string) => sent.split('.')[0]
    expect(header(padded(753))).toHaveLength(1_024)
    expect(compactJws.open(padded(753)).claims()).toEqual({ sub: 'u1' })
    parse.mockClear()
    expectCode(padded(754), 'token_malformed')
    expect(parse).not.toHaveBeenCalled()
    parse.mockRestore()
  })

  it.each([
    ['nothing', ''],
    ['two segments', `e30.${MAC}`],
    ['four segments', `${forgeJwt()}.x`],
    ['five segments, as encrypted ones have', 'a.b.c.d.e'],
    ['no header', `.${PAYLOAD}.${MAC}`],
    ['no payload', `e30..${MAC}`],
    ['no signature', forgeJwt().replace(/[^.]*$/, '')],
    ['padding', `${forgeJwt()}=`],
    ['a foreign character in the header', `!${forgeJwt()}`],
    ['a foreign character in the payload', forgeJwt().replace('.', '.!')],
    ['a signature that is too short', forgeJwt().slice(0, -4)],
  ])('is malformed with %s', (_, sent) => {
    expectCode(sent, 'token_malformed')
  })

  it('shows a payload that is no strict object to nobody', () => {
    const { claims } = compactJws.open(forgeJwt('{"sub":"a","sub":"b"}'))
    expectRejection(thrown(claims), 'token_malformed')
  })

  it('is told by its three segments', () => {
    expect(compactJws).toMatchObject({ compact: true, shape: '3 segments' })
    expect(['a.b.c', '..', 'a.b', 'a.b.c.d', ''].map((sent) => compactJws.fits(sent))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })

  it('is written with exactly the header that everyone sends', () => {
    const { input, finish } = compactJws.seal({ sub: 'é' }, null)
    const [header, payload] = String(input[0]).split('.')
    expect(Buffer.from(header ?? '', 'base64url').toString()).toBe('{"alg":"HS256","typ":"JWT"}')
    expect(Buffer.from(payload ?? '', 'base64url').toString()).toBe('{"sub":"é"}')
    const sent = finish(Buffer.alloc(32))
    expect(sent).toBe(`${String(input[0])}.${MAC}`)
    expect(compactJws.open(sent).claims()).toEqual({ sub: 'é' })
  })
})
