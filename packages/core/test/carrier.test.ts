import { bearer, oneOf, query, type Carrier, type Found } from '@countersign/core'
import { singleHeader } from '../src/carrier'
import { expectRejection, refusal, thrown } from './support/errors'
import { settled } from './support/process'
import { view, type RequestParts } from './support/request'

const read = <Sent>(carrier: Carrier<Sent>, parts: RequestParts) => carrier.read(view(parts))
const authorized = (...values: readonly string[]) =>
  read(bearer, { headers: values.map((value) => ['Authorization', value] as const) })

describe('a credential in the query', () => {
  it('is read from there, percent-decoded', () => {
    expect(read(query('token'), { query: 'a=b&token=x%2By' })).toEqual({
      place: '?token',
      sent: 'x+y',
    })
    expect(read(query('token'), { query: 'a=b' })).toBeUndefined()
    expect(read(query('token'), {})).toBeUndefined()
  })

  it('is written there, encoded once, or as it is', () => {
    expect(query('sig').write('a+b/c==')).toEqual({ query: 'sig=a%2Bb%2Fc%3D%3D' })
    expect(query('token', { verbatim: true }).write('a-b_c==.d')).toEqual({
      query: 'token=a-b_c==.d',
    })
  })

  it('names its place and the parameter to take out of a URL', () => {
    expect(query('token')).toMatchObject({ places: ['?token'], parameters: ['token'] })
  })
})

describe('a credential in `Authorization`', () => {
  it.each([
    ['Bearer abc', 'abc'],
    ['bearer abc', 'abc'],
    ['BEARER   abc', 'abc'],
    [' \tBearer abc\t ', 'abc'],
    ['Bearer a.b-c_d~e+f/g==.h', 'a.b-c_d~e+f/g==.h'],
  ])('is read from %p', (value, sent) => {
    expect(authorized(value)).toEqual({ place: 'authorization', sent })
  })

  it.each(['', 'Basic YTpi', 'Bearerabc', 'Bearer\u00a0abc', 'Token abc', 'Negotiate'])(
    'is not there in %p',
    (value) => {
      expect(authorized(value)).toBeUndefined()
      expect(authorized()).toBeUndefined()
    },
  )

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer a,b',
    'Bearer "a"',
    'Bearer é',
    'Bearer a%2Bb',
  ])('is malformed in %p', (value) =>
    expectRejection(
      thrown(() => authorized(value)),
      'token_malformed',
    ),
  )

  it('is ambiguous beside any other `Authorization`', () => {
    for (const values of [
      ['Bearer a', 'Bearer a'],
      ['Bearer a', 'Basic b'],
      ['Basic b', 'bearer a'],
    ]) {
      expectRejection(
        thrown(() => authorized(...values)),
        'credential_ambiguous',
      )
    }
    expect(authorized('Basic a', 'Basic b')).toBeUndefined()
  })

  it('has at most 4096 characters', () => {
    expect(authorized(`Bearer ${'a'.repeat(4_096)}`)).toMatchObject({ place: 'authorization' })
    expectRejection(
      thrown(() => authorized(`Bearer ${'a'.repeat(4_097)}`)),
      'token_malformed',
    )
  })

  it('takes no longer for a value that nearly fits than its length', async () => {
    expectRejection(
      thrown(() => authorized(`Bearer ${'a.'.repeat(100_000)}!`)),
      'token_malformed',
    )
    expect(authorized(`Basic a${' \t'.repeat(100_000)}b`)).toBeUndefined()
    await settled() // where it took the square of its length, the test is over its time here
  })

  it('is written there', () => {
    expect(bearer.write('abc')).toEqual({ headers: { authorization: 'Bearer abc' } })
    expect(bearer).toMatchObject({ places: ['authorization'], parameters: [] })
  })
})

describe('a credential that may stand in several places', () => {
  const either = oneOf(query('token'), bearer)

  it('is found in any one of them', () => {
    expect(read(either, { query: 'token=a' })).toEqual({ place: '?token', sent: 'a' })
    expect(read(either, { headers: [['authorization', 'Bearer b']] })).toEqual({
      place: 'authorization',
      sent: 'b',
    })
    expect(read(either, {})).toBeUndefined()
  })

  it('is ambiguous in two, also when they say the same', () => {
    const twice: RequestParts = { query: 'token=a', headers: [['authorization', 'Bearer a']] }
    const error = thrown(() => read(either, twice))
    expectRejection(error, 'credential_ambiguous')
    expect(error).toMatchObject({ detail: 'sent in ?token and authorization' })
  })

  it('is written to the first, and names the places of all', () => {
    expect(either.write('a')).toEqual({ query: 'token=a' })
    expect(either).toMatchObject({ places: ['?token', 'authorization'], parameters: ['token'] })
  })

  it('waits only for a place that has to be waited for', async () => {
    const found: Found<string> = { place: 'late', sent: 'c' }
    const late: Carrier<string> = { ...bearer, places: ['late'], read: async () => found }
    expect(await read(oneOf(query('token'), late), {})).toEqual(found)
    const both = read(oneOf(late, query('token')), { query: 'token=a' })
    expectRejection(await refusal(Promise.resolve(both)), 'credential_ambiguous')
  })
})

describe('a header that must be there once', () => {
  const header = (...values: readonly string[]) =>
    singleHeader(view({ headers: values.map((value) => ['X-One', value] as const) }), 'x-one')

  it('is read without the white space around it', () => {
    expect([header('a'), header(' \t a b\t '), header('\u00a0a')]).toEqual(['a', 'a b', '\u00a0a'])
  })

  it('counts as absent when empty', () => {
    expect([header(), header(''), header(' \t ')]).toEqual([undefined, undefined, undefined])
  })

  it('is ambiguous when it comes twice', () => {
    for (const values of [
      ['a', 'a'],
      ['', ''],
    ]) {
      expectRejection(
        thrown(() => header(...values)),
        'credential_ambiguous',
      )
    }
  })
})
