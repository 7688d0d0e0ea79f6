import { rawQuery, readForm, readParameter } from '../src/parameters'
import { expectRejection, thrown } from './support/errors'

describe('the query of a target', () => {
  it.each([
    ['/portal', ''],
    ['/portal?', ''],
    ['/portal?a=b', 'a=b'],
    ['/portal?a=b?c=d', 'a=b?c=d'],
    ['/portal?a=b#c=d', 'a=b'],
    ['/portal#?a=b', ''],
    ['https://other.example/portal?a=b', 'a=b'],
    ['?a=b', 'a=b'],
    ['', ''],
  ])('of %p is %p', (target, query) => {
    expect(rawQuery(target)).toBe(query)
  })
})

describe('one parameter', () => {
  it.each([
    ['token=abc', 'abc'],
    ['a=b&token=abc&c=d', 'abc'],
    ['%74oken=abc', 'abc'],
    ['%74%6F%6b%65%6e=abc', 'abc'],
    ['token=a%2Bb%2fc%3D', 'a+b/c='],
    ['token=a+b', 'a+b'],
    ['token=a=b==', 'a=b=='],
    ['token=%C3%A9', 'é'],
    ['&&token=abc&&', 'abc'],
    ['bad%zz=1&token=abc', 'abc'],
  ])('is read as it was sent: %s', (query, value) => {
    expect(readParameter(query, 'token')).toBe(value)
  })

  it.each([
    '',
    'a=b',
    'token',
    'token=',
    'Token=abc',
    'TOKEN=abc',
    'tokens=abc',
    'xtoken=abc',
    '=abc',
    'token%zz=1',
  ])('is not there in %p', (query) => expect(readParameter(query, 'token')).toBeUndefined())

  it.each([
    'token=a&token=b',
    'token=a&token=a',
    'token=&token=',
    'token&token=a',
    'token=a&%74oken=b',
    'token[]=a',
    'token[0]=a',
    'token[x]=a',
    'token=a&token[]=b',
    'token%5B%5D=a',
    'token%5bx',
    '%74oken[=a',
  ])('is ambiguous in %p', (query) => {
    expectRejection(
      thrown(() => readParameter(query, 'token')),
      'credential_ambiguous',
    )
  })

  it.each([
    'token=%',
    'token=%zz',
    'token=%C3',
    'token=%ff',
    'token=a%2',
    'token=%ED%A0%80',
    'token=%C0%AF',
  ])('is malformed where it is not percent-encoded UTF-8: %p', (query) =>
    expectRejection(
      thrown(() => readParameter(query, 'token')),
      'token_malformed',
    ),
  )

  it('has at most 4096 characters once decoded', () => {
    expect(readParameter(`token=${'a'.repeat(4_096)}`, 'token')).toHaveLength(4_096)
    expect(readParameter(`token=${'%61'.repeat(4_096)}`, 'token')).toHaveLength(4_096)
    for (const value of ['a'.repeat(4_097), '%61'.repeat(4_097), 'a'.repeat(12_289)]) {
      expectRejection(
        thrown(() => readParameter(`token=${value}`, 'token')),
        'token_malformed',
      )
    }
  })

  it('does not decode what is far too long', () => {
    const decode = jest.spyOn(globalThis, 'decodeURIComponent')
    thrown(() => readParameter(`token=${'%61'.repeat(5_000)}`, 'token'))
    expect(decode).not.toHaveBeenCalled()
    readParameter('token=%61', 'token')
    expect(decode).toHaveBeenCalledTimes(1)
    decode.mockRestore()
  })
})

describe('a form', () => {
  it('is read as forms are written: a plus is a blank', () => {
    expect([...(readForm('a=b+c&d=%2B&e=&f&g=h=i&&') ?? [])]).toEqual([
      ['a', 'b c'],
      ['d', '+'],
      ['e', ''],
      ['f', ''],
      ['g', 'h=i'],
    ])
    expect(readForm('')?.size).toBe(0)
  })

  it.each(['a=1&a=2', 'a=1&%61=2', 'a+b=1&a%20b=2', '&=1&=2'])(
    'has each field once: %p',
    (text) => {
      expectRejection(
        thrown(() => readForm(text)),
        'credential_ambiguous',
      )
    },
  )

  it.each(['a=%zz', '%zz=a', 'a=%C3', 'a=%ff'])('is nothing where it is not UTF-8: %p', (text) => {
    expect(readForm(text)).toBeUndefined()
  })
})
