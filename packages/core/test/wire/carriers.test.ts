import { bearer, oneOf, query, Rejection, type Carrier } from '@countersign/core'
import { needsBody, readEach } from '../../src/wire/carriers'
import { inTwoParameters } from '../../src/wire/page-carriers'
import { resultOf, thrown } from '../support/errors'
import { view, type RequestParts } from '../support/request'

const withHeader = (name: string, values: readonly string[]): RequestParts => ({
  headers: values.map((value) => [name, value] as const),
})

/** A carrier that finds its credential in the body: all of it. */
function inBody(place: string, fields: readonly string[] | null): Carrier<string> {
  return {
    places: [place],
    parameters: [],
    read: () => ({
      fields,
      read(bytes) {
        if (bytes?.[0] === 0xff) throw new Rejection('token_malformed')
        return !bytes?.length ? undefined : { place, value: String(bytes) }
      },
    }),
    write: (value) => ({ body: value }),
  }
}

function failing(error: Error): Carrier<string> {
  const read = () => {
    throw error
  }
  return { ...inBody('failing', null), read }
}

const ambiguous = 'credential_ambiguous'
const malformed = 'token_malformed'
const token = query('token')
const sig = query('sig')
const form = inBody('form', ['f'])
const incomplete = failing(new Rejection('credential_missing'))

describe('the carrier `query`', () => {
  it('reads a parameter of the request target', () => {
    expect(token).toMatchObject({ places: ['?token'], parameters: ['token'] })
    const sent = ['a=b&token=x%2By', 'a=b', undefined]
    const read = sent.map((text) => token.read(view(text === undefined ? {} : { query: text })))
    expect(read).toEqual([{ place: '?token', value: 'x+y' }, undefined, undefined])
  })

  it('writes a parameter, percent-encoded unless its alphabet needs no encoding', () => {
    expect(sig.write('a+b/c==')).toEqual({ query: 'sig=a%2Bb%2Fc%3D%3D' })
    expect(query('t', { verbatim: true }).write('a-b_c==.d')).toEqual({ query: 't=a-b_c==.d' })
  })
})

describe('the carrier `bearer`', () => {
  const read = (...values: readonly string[]) =>
    resultOf(() => bearer.read(view(withHeader('Authorization', values))))

  it.each([
    ['a bearer token', 'Bearer abc', 'abc'],
    ['in any case', 'BEARER   abc', 'abc'],
    ['with white space around it', ' \tbearer abc\t ', 'abc'],
    ['with every character of a token', 'Bearer a.b-c_d~e+f/g==.h', 'a.b-c_d~e+f/g==.h'],
    ['of 4096 characters', `Bearer ${'a'.repeat(4_096)}`, 'a'.repeat(4_096)],
  ])('reads %s', (_, sent, value) => {
    expect(read(sent)).toEqual({ place: 'authorization', value })
  })

  it.each<readonly [string, string | undefined, readonly string[]]>([
    ['ignores other auth schemes', undefined, ['', 'Basic YTpi', 'Bearerabc', 'Bearer\u00a0abc']],
    ['rejects no token', malformed, ['Bearer', 'Bearer ']],
    ['rejects what is not one token', malformed, ['Bearer a b', 'Bearer "a"', 'Bearer %2B']],
    ['rejects more than 4096 characters', malformed, [`Bearer ${'a'.repeat(4_097)}`]],
    ['takes linear time to reject', malformed, [`Bearer ${'a.'.repeat(100_000)}!`]],
    ['takes linear time to ignore', undefined, [`Basic a${' \t'.repeat(100_000)}b`]],
  ])('%s', (_, result, headers) => {
    for (const sent of headers) expect([sent, read(sent)]).toEqual([sent, result])
  })

  it('rejects a bearer token beside any other `Authorization`', () => {
    for (const other of ['Bearer a', 'Basic b']) {
      expect([read('Bearer a', other), read(other, 'bearer a')]).toEqual([ambiguous, ambiguous])
    }
    expect([read(), read('Basic a', 'Basic b')]).toEqual([undefined, undefined])
  })

  it('writes the header', () => {
    expect(bearer.write('abc')).toEqual({ headers: { authorization: 'Bearer abc' } })
    expect(bearer).toMatchObject({ places: ['authorization'], parameters: [] })
  })
})

describe('the carrier `oneOf`', () => {
  const either = oneOf(token, bearer)

  it('finds a credential in any of its places', () => {
    expect(either.read(view({ query: 'token=a' }))).toEqual({ place: '?token', value: 'a' })
    const authorized = view(withHeader('authorization', ['Bearer b']))
    expect(either.read(authorized)).toEqual({ place: 'authorization', value: 'b' })
    expect(either.read(view())).toBeUndefined()
    const reading = oneOf(token, form).read(view())
    const found = needsBody(reading) && reading.read(Buffer.from('c'))
    expect(found).toEqual({ place: 'form', value: 'c' })
  })

  it('writes to the first, and lists the places of all', () => {
    expect(either.write('a')).toEqual({ query: 'token=a' })
    expect(either).toMatchObject({ places: ['?token', 'authorization'], parameters: ['token'] })
  })
})

describe('several carriers', () => {
  const read = (carriers: readonly Carrier<string>[], sent: string, body = '') =>
    resultOf(() => {
      const found = readEach(carriers, view({ query: sent }))
      return needsBody(found) ? found.read(Buffer.from(body, 'latin1')) : found
    })
  const found = { place: '?token', value: 'a' }
  const whole = { place: '?sig', value: 'a' }
  const pair = inTwoParameters({ text: 'sso', signature: 'sig' })

  it.each<readonly [string, readonly Carrier<string>[], string, string, unknown]>([
    ['find nothing where nothing is sent', [token, form], '', '', [undefined, undefined]],
    ['find the one credential', [token, form], 'token=a', '', [found, undefined]],
    ['find it twice where two share its place', [token, token], 'token=a', '', [found, found]],
    ['prefer a whole one where two share its place', [sig, pair], 'sig=a', '', [whole, undefined]],
    ['reject two credentials', [token, sig], 'token=a&sig=a', '', ambiguous],
    ['reject a second one in the body', [token, form], 'token=a', 'b', ambiguous],
    ['report a repeated parameter', [token, sig], 'token=a&token=a', '', ambiguous],
    ['report a malformed credential', [token, sig], 'token=%', '', 'token_malformed'],
    ['report a malformed body', [token, form], '', '\xff', 'token_malformed'],
    ['report ambiguity before a malformed one', [token, sig], 'token=%&sig=a', '', ambiguous],
    ['report an incomplete credential', [token, incomplete], '', '', 'credential_missing'],
    ['report ambiguity before an incomplete one', [token, incomplete], 'token=a', '', ambiguous],
    ['report ambiguity before a malformed body', [token, form], 'token=a', '\xff', ambiguous],
  ])('%s', (_, carriers, sent, body, result) => {
    expect(read(carriers, sent, body)).toEqual(result)
  })

  it('find what was sent elsewhere where the body cannot be read', () => {
    const reading = readEach([token, form], view({ query: 'token=a' }))
    expect(needsBody(reading) && reading.read(null)).toEqual([found, undefined])
  })

  it('name the places of an ambiguous credential', () => {
    const error = thrown(() => readEach([token, sig], view({ query: 'token=a&sig=b' })))
    expect(error).toMatchObject({ detail: 'credentials are sent in ?token and ?sig' })
  })

  it('name the form fields that identify a credential, unless a part was sent elsewhere', () => {
    const fieldsOf = (...carriers: readonly Carrier<string>[]) => {
      const reading = readEach(carriers, view())
      return needsBody(reading) && reading.fields
    }
    expect(fieldsOf(token, form, inBody('b', ['g', 'h']))).toEqual(['f', 'g', 'h'])
    expect(fieldsOf(form, inBody('b', null))).toBeNull()
    expect(fieldsOf(token, sig)).toBe(false)
  })

  it('pass on errors that say nothing about a credential', () => {
    for (const error of [new Error('fault'), new Rejection('body_too_large')]) {
      expect(thrown(() => readEach([failing(error), sig], view({ query: 'sig=a' })))).toBe(error)
    }
  })
})
