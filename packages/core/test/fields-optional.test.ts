import {
  absent,
  millis,
  nullable,
  omissible,
  optional,
  sameAs,
  seconds,
  sessionIdentity,
  text,
} from '@countersign/core'
import { expectRejection, thrown } from './support/errors'
import { expectInvalid, expectRead } from './support/fields'

describe('a moment', () => {
  it('in seconds becomes milliseconds, fractions included', () => {
    expect(
      [0, 1_760_000_000, 1.5, 99_999_999_999].map((time) => seconds('exp').read(time)),
    ).toEqual([0, 1_760_000_000_000, 1_500, 99_999_999_999_000])
    expectInvalid(seconds('exp'), [
      1e11,
      1_760_000_000_000,
      -1,
      NaN,
      Infinity,
      '1760000000',
      null,
      true,
    ])
  })

  it('in milliseconds stays what it is', () => {
    expectRead(millis('exp'), [1e11, 1_760_000_000_000, 1_760_000_000_000.5, 253_402_300_799_999])
    expectInvalid(millis('exp'), [99_999_999_999, 1_760_000_000, 253_402_300_800_000, 1e300])
    expectInvalid(millis('exp'), [-1, NaN, Infinity, '1760000000000', null, undefined, {}])
  })

  it('is written as an integer', () => {
    expect(seconds('exp').write(1_760_000_000_999)).toBe(1_760_000_000)
    expect(millis('exp').write(1_760_000_000_999.9)).toBe(1_760_000_000_999)
  })
})

describe('a claim that may be missing', () => {
  const inner = text('name', 3)

  it('reads as null where it is absent or null, if optional', () => {
    for (const field of [optional(inner), nullable(inner)]) {
      expect([field.read(undefined), field.read(null), field.read('abc')]).toEqual([
        null,
        null,
        'abc',
      ])
      expectInvalid(field, ['abcd', 1, false])
    }
  })

  it('is left out when optional, and written as null when nullable', () => {
    const values = [undefined, null, '', 'abc']
    expect(values.map((value) => optional(inner).write(value))).toEqual([
      undefined,
      undefined,
      '',
      'abc',
    ])
    expect(values.map((value) => nullable(inner).write(value))).toEqual([null, null, '', 'abc'])
  })

  it('may be absent and not null, if omissible', () => {
    const field = omissible(inner)
    expect([field.read(undefined), field.read('abc')]).toEqual([null, 'abc'])
    expectInvalid(field, [null, 'abcd'])
    expect([field.write(null), field.write('abc')]).toEqual([undefined, 'abc'])
  })

  it('means nobody is signed in, where a session has to know it', () => {
    const field = sessionIdentity(inner)
    for (const nothing of [undefined, null, '']) {
      expectRejection(
        thrown(() => field.write(nothing)),
        'unauthenticated',
      )
    }
    expect(field.write('abc')).toBe('abc')
    expect(field.read('abc')).toBe('abc')
  })
})

describe('a claim that stands elsewhere', () => {
  it('is read a second time and written once', () => {
    const field = sameAs(text('name'))
    expect([field.claim, field.read('Ada'), field.write('Ada')]).toEqual(['name', 'Ada', undefined])
    expectInvalid(field, [7])
  })

  it('is always null where a scheme has none', () => {
    expect([absent.read('Ada'), absent.write('Ada')]).toEqual([null, undefined])
  })
})
