import { claimsOf, compactJws } from '@countersign/core'
import { resultOf } from '../support/codes'

const PAYLOAD = Buffer.from('{"sub":"u1"}').toString('base64url')
const SIGNATURE = 'A'.repeat(43)
const USUAL = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')

function withHeader(header: string | object, signature = SIGNATURE): string {
  const text = typeof header === 'string' ? header : JSON.stringify(header)
  return `${Buffer.from(text).toString('base64url')}.${PAYLOAD}.${signature}`
}

const open = (sent: string) => resultOf(() => claimsOf(compactJws.open(sent)))

describe('a compact JWS', () => {
  it('is signed over its header and payload as sent', () => {
    const sent = withHeader({ alg: 'HS256', typ: 'JWT' })
    expect(compactJws.open(sent)).toEqual({
      tenant: null,
      input: [sent.slice(0, sent.lastIndexOf('.'))],
      signature: SIGNATURE,
      payload: Buffer.from('{"sub":"u1"}'),
      beside: null,
    })
  })

  it.each([
    ['no `typ`', { alg: 'HS256' }],
    ['`typ` in lower case', { typ: 'jwt', alg: 'HS256' }],
    ['a `kid` of 256 characters', { alg: 'HS256', kid: 'k'.repeat(256) }],
    ['white space', '{ "typ":"JWT",\r\n "alg":"HS256" }'],
    ['1024 characters', `{"alg":"HS256"${' '.repeat(753)}}`],
  ])('may have a header with %s', (_, header) => {
    expect(open(withHeader(header))).toEqual({ sub: 'u1' })
  })

  it.each([
    ['another member', { alg: 'HS256', crit: ['b64'], b64: false }],
    ['`alg` in another case beside it', { alg: 'HS256', Alg: 'none' }],
    ['another `typ`', { alg: 'HS256', typ: 'at+jwt' }],
    ['a `typ` of null', { alg: 'HS256', typ: null }],
    ['a number as `kid`', { alg: 'HS256', kid: 1 }],
    ['a `kid` of 257 characters', { alg: 'HS256', kid: 'k'.repeat(257) }],
    ['a repeated `alg`', '{"alg":"HS256","alg":"none"}'],
    ['a header that is not JSON', 'HS256'],
    ['a header of 1025 characters', `{"alg":"HS256"${' '.repeat(754)}}`],
  ])('is malformed with %s', (_, header) => {
    expect(open(withHeader(header))).toBe('token_malformed')
  })

  it.each(['none', 'hs256', 'HS384', '', null, ['HS256'], undefined])(
    'may not use the algorithm %j',
    (alg) => {
      expect(open(withHeader({ alg, typ: 'JWT' }))).toBe('algorithm_not_allowed')
    },
  )

  it('is refused for its algorithm before the length of its signature', () => {
    expect(open(withHeader({ alg: 'HS512' }, 'A'.repeat(86)))).toBe('algorithm_not_allowed')
    expect(open(withHeader({ alg: 'HS256' }, 'A'.repeat(86)))).toBe('token_malformed')
    expect(open(withHeader({ alg: 'none' }, ''))).toBe('token_malformed')
  })

  it.each([
    ['no text', ''],
    ['two segments', `e30.${SIGNATURE}`],
    ['four segments', `${USUAL}.${PAYLOAD}.x.${SIGNATURE}`],
    ['no header', `.${PAYLOAD}.${SIGNATURE}`],
    ['no payload', `${USUAL}..${SIGNATURE}`],
    ['padding in the payload', `${USUAL}.e30=.${SIGNATURE}`],
    ['another character in the header', `!${USUAL}.${PAYLOAD}.${SIGNATURE}`],
    ['a short signature', `${USUAL}.${PAYLOAD}.${SIGNATURE.slice(1)}`],
  ])('is malformed with %s', (_, sent) => {
    expect(resultOf(() => compactJws.open(sent))).toBe('token_malformed')
  })

  it('is recognized by its three segments', () => {
    const sent = ['a.b.c', '..', 'a.b', 'a.b.c.d', '']
    expect(sent.map((each) => compactJws.shape?.test(each))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })

  it('is sealed with the header that every issuer sends', () => {
    const { input, finish } = compactJws.seal({ sub: 'é' }, null)
    const payload = Buffer.from('{"sub":"é"}').toString('base64url')
    expect(input).toEqual([`${USUAL}.${payload}`])
    expect(finish(SIGNATURE)).toBe(`${USUAL}.${payload}.${SIGNATURE}`)
    expect(compactJws.header).toBe(USUAL)
  })
})
