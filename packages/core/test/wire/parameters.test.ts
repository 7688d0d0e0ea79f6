import { rawQuery, readForm, readParameter } from '../../src/wire/parameters'
import { resultOf } from '../support/errors'

describe('the raw query of a target', () => {
  it.each([
    ['/portal', ''],
    ['/portal?', ''],
    ['/portal?a=b', 'a=b'],
    ['/portal?a=b?c=d', 'a=b?c=d'],
    ['/portal?a=b#c=d', 'a=b'],
    ['/portal#?a=b', ''],
    ['https://other.example/portal?a=b', 'a=b'],
    ['', ''],
  ])('of "%s" is "%s"', (target, query) => {
    expect(rawQuery(target)).toBe(query)
  })
})

describe('a query parameter', () => {
  const read = (query: string) => resultOf(() => readParameter(query, 'token'))
  const [ambiguous, malformed] = ['credential_ambiguous', 'token_malformed']
  const long = `token=${'a'.repeat(4_097)}`

  it.each([
    ['token=abc', 'abc'],
    ['a=b&token=abc&c=d', 'abc'],
    ['&&token=abc&&', 'abc'],
    ['%74%6F%6b%65%6e=abc', 'abc'],
    ['token=a%2Bb%2fc%3D', 'a+b/c='],
    ['token=a+b', 'a+b'],
    ['token=a=b==', 'a=b=='],
    ['token=%C3%A9', 'é'],
    ['bad%zz=1&token=abc', 'abc'],
  ])('is percent-decoded and otherwise read as sent: %s', (query, value) => {
    expect(read(query)).toBe(value)
  })

  it.each<readonly [string, string, string | undefined]>([
    ['absent under another name', 'a=b Token=abc tokens=a xtoken=a =a token%zz=1', undefined],
    ['absent when empty', ' token token= token&a=b', undefined],
    ['ambiguous when repeated', 'token=a&token=b token=&token= token&token=a', ambiguous],
    ['ambiguous when repeated in another spelling', 'token=a&%74oken=b', ambiguous],
    ['ambiguous with brackets', 'token[]=a token[x]=a token=a&token[]=b token%5bx', ambiguous],
    ['ambiguous with brackets in another spelling', 'token%5B%5D=a %74oken[=a', ambiguous],
    ['malformed where it is not percent-encoded', 'token=% token=%zz token=a%2', malformed],
    ['malformed where it is not UTF-8', 'token=%C3 token=%ff token=%ED%A0%80', malformed],
    ['malformed above 4096 characters', `${long} ${long.replaceAll('a', '%61')}`, malformed],
  ])('is %s', (_, queries, result) => {
    for (const query of queries.split(' ')) expect([query, read(query)]).toEqual([query, result])
  })

  it('may have 4096 characters, all of them encoded', () => {
    expect(read(`token=${'%61'.repeat(4_096)}`)).toBe('a'.repeat(4_096))
  })

  it('is not decoded where even its decoded text is too long', () => {
    const decode = jest.spyOn(globalThis, 'decodeURIComponent')
    expect(read(`token=${'%61'.repeat(5_000)}`)).toBe('token_malformed')
    expect(decode).not.toHaveBeenCalled()
    decode.mockRestore()
  })
})

describe('a form', () => {
  const read = (text: string) => resultOf(() => readForm(text))

  it('is decoded as browsers encode it', () => {
    const fields = { a: 'b c', d: '+', e: '', f: '', g: 'h=i' }
    expect(read('a=b+c&d=%2B&e=&f&g=h=i&&')).toEqual(new Map(Object.entries(fields)))
    expect(read('')).toEqual(new Map())
  })

  it.each(['a=1&a=2', 'a=1&%61=2', 'a+b=1&a%20b=2', '&=1&=2'])('is ambiguous: %s', (text) => {
    expect(read(text)).toBe('credential_ambiguous')
  })

  it.each(['a=%zz', '%zz=a', 'a=%C3', 'a=%ff'])('is not UTF-8: %s', (text) => {
    expect(read(text)).toBeUndefined()
  })
})
