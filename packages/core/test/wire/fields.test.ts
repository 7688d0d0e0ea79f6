import {
  derivedFrom,
  email,
  httpUrl,
  identifier,
  millis,
  nonce,
  notProvided,
  nullable,
  optional,
  optionalNotNull,
  requiredInSession,
  seconds,
  text,
  type Field,
} from '@countersign/core'
import { resultOf, thrown } from '../support/errors'

const CONTROLS = ['\0', '\n', '\r', '\t', '\u001f', '\u007f', '\u0085', '\u009f']
const withControls = CONTROLS.map((control) => `a${control}@b`)
const notText = [undefined, null, true, 1.5, {}, ['a@b']]
const notTimes = [-1, NaN, Infinity, '1760000000', '', null, undefined, true, {}]
const x = (count: number) => 'x'.repeat(count)

describe('a field', () => {
  it.each<readonly [string, Field<unknown, never>, readonly unknown[]]>([
    ['identifier', identifier('c'), ['u', '0', 'a b', 'É😀', '<b>', 'nullable', 'anil', x(255)]],
    ['text', text('c'), ['', '  <b>"é"</b>  ', x(1_024)]],
    ['text of 3 characters', text('c', 3), ['abc']],
    ['nonce', nonce('c'), ['n', ' ', 'null', 'é'.repeat(255)]],
    ['email', email('c'), ['a@b', 'ada+x@a.example', "o'hara@a", 'ü@exämple', `${x(252)}@b`]],
    ['httpUrl', httpUrl('c'), ['https://a/b?c=d#e', 'http://[::1]:80/', 'HTTPS://A/']],
    ['seconds', seconds('c'), [0]],
    ['millis', millis('c'), [1e11, 1_760_000_000_000.5, 253_402_300_799_999]],
  ])('%s accepts a right value', (_, field, values) => {
    for (const value of values) expect(resultOf(() => field.read(value))).toBe(value)
  })

  it.each<readonly [string, Field<unknown, never>, readonly unknown[]]>([
    ['identifier: another type', identifier('c'), [...notText, 1n]],
    ['identifier: a number that is not a safe integer', identifier('c'), [2 ** 53, 1e21, NaN]],
    ['identifier: a wrong length', identifier('c'), ['', x(256)]],
    ['identifier: white space around it', identifier('c'), [' u1', 'u1 ', '\u00a0u1', 'u1\u2003']],
    ['identifier: a missing value as text', identifier('c'), ['null', 'NIL', 'NaN', 'undefined']],
    ['identifier: control characters', identifier('c'), withControls],
    ['text', text('c'), [...notText, ...withControls, x(1_025)]],
    ['text of another length', text('c', 3), ['abcd']],
    ['nonce', nonce('c'), [...notText, ...withControls, '', x(256), 7]],
    ['email: another type', email('c'), notText],
    ['email: no address', email('c'), ['', '@', 'a@', '@b', 'a@b@c', 'ab', `${x(253)}@b`]],
    ['email: white space', email('c'), ['a b@c', 'a@b ', 'a@b\r\nBcc: c@d', 'a@b\u2028']],
    ['email: what breaks out of a header or a page', email('c'), ['<a@b', 'a@b>', '"a@b', 'a@b"']],
    ['httpUrl: another type', httpUrl('c'), [...notText, '']],
    ['httpUrl: relative', httpUrl('c'), ['/a.png', '//a/', 'a.example', 'https:a', 'https://']],
    ['httpUrl: not a URL', httpUrl('c'), ['https://a:99999/', 'https://[::1/']],
    ['httpUrl: too long', httpUrl('c'), ['https://a/'.padEnd(2_049, 'x')]],
    ['httpUrl: what is repaired', httpUrl('c'), ['https:\\\\a', 'https://a\\b', 'https://a/\tb']],
    ['httpUrl: white space', httpUrl('c'), [' https://a', 'https://a ', 'https://a/\u0001']],
    ['httpUrl: markup', httpUrl('c'), ['https://a/"x', 'https://a/<b', 'https://a/>']],
    ['seconds', seconds('c'), [...notTimes, 1e11, 1_760_000_000_000]],
    ['millis', millis('c'), [...notTimes, 99_999_999_999, 253_402_300_800_000, 1e300]],
  ])('rejects a wrong value and names its claim: %s', (_, field, values) => {
    for (const value of values) {
      expect(thrown(() => field.read(value))).toMatchObject({
        code: 'claims_invalid',
        detail: expect.stringMatching(/^"c" /),
      })
    }
  })

  it('identifier reads and writes integers as decimal text', () => {
    const id = identifier('c')
    const read = [0, 42, -7, 2 ** 53 - 1].map((each) => id.read(each))
    expect(read).toEqual(['0', '42', '-7', '9007199254740991'])
    const written = [7, 2n ** 70n, 'u7'].map((each) => id.write(each))
    expect(written).toEqual(['7', '1180591620717411303424', 'u7'])
    for (const number of [NaN, 1.5, Infinity]) {
      expect(resultOf(() => id.read(id.write(number)))).toBe('claims_invalid')
    }
  })

  it('seconds reads milliseconds; both kinds of time write whole numbers', () => {
    const read = [1_760_000_000, 1.5, 99_999_999_999].map((time) => seconds('c').read(time))
    expect(read).toEqual([1_760_000_000_000, 1_500, 99_999_999_999_000])
    expect(seconds('c').write(1_760_000_000_999)).toBe(1_760_000_000)
    expect(millis('c').write(1_760_000_000_999.9)).toBe(1_760_000_000_999)
  })
})

describe('a field that may be absent', () => {
  const name = text('c', 3)
  const invalid = 'claims_invalid'

  it.each<readonly [string, Field<unknown, never>, readonly unknown[]]>([
    ['optional text', optional(name), [null, null, null, 'abc', invalid]],
    ['nullable text', nullable(name), [null, null, null, 'abc', invalid]],
    ['optionalNotNull text', optionalNotNull(name), [null, invalid, '', 'abc', invalid]],
    ['an optional nonce', optional(nonce('c')), [null, null, invalid, 'abc', 'abcd']],
    ['an optional e-mail address', optional(email('c')), [null, null, null, invalid, invalid]],
    ['an optional URL', optional(httpUrl('c')), [null, null, null, invalid, invalid]],
    ['requiredInSession', requiredInSession(name), [invalid, invalid, '', 'abc', invalid]],
  ])('is read as null where it is absent: %s', (_, field, results) => {
    const values = [undefined, null, '', 'abc', 'abcd']
    expect(values.map((value) => resultOf(() => field.read(value)))).toEqual(results)
  })

  it.each([
    ['optional', optional(name), undefined],
    ['nullable', nullable(name), null],
    ['optionalNotNull', optionalNotNull(name), undefined],
    ['requiredInSession', requiredInSession(name), 'unauthenticated'],
  ])('is left out, written as null or refused where it is absent: %s', (_, field, result) => {
    const written = [undefined, null, '', 'abc'].map((value) => resultOf(() => field.write(value)))
    expect(written).toEqual([result, result, result, 'abc'])
  })
})

describe('a field without a claim of its own', () => {
  it('derivedFrom reads the claim of another field and writes nothing', () => {
    const field = derivedFrom(text('c'))
    expect([field.claim, field.isReadOnly, field.read('a')]).toEqual(['c', true, 'a'])
    expect(field.write('a')).toBeUndefined()
    expect(resultOf(() => field.read(7))).toBe('claims_invalid')
  })

  it('notProvided is always null', () => {
    expect(notProvided).toMatchObject({ isReadOnly: true })
    expect([notProvided.read('a'), notProvided.write('a')]).toEqual([null, undefined])
  })
})
