import {
  assertKnown,
  booleanOption,
  functionOption,
  invalidOption,
  numberOption,
  oneOfOption,
} from '../src/options'
import { expectMisconfigured } from './support/errors'

const range = { min: 1, max: 10, unit: 'seconds' }

describe('an option', () => {
  it('has to be known', () => {
    expect(() => assertKnown({ a: 1, b: undefined }, ['a', 'b'], 'This')).not.toThrow()
    expectMisconfigured(() => assertKnown({ c: undefined }, ['a', 'b'], 'This'), 'option_unknown')
    expect(() => assertKnown({ c: 1 }, ['a', 'b'], 'This')).toThrow(
      'This has no option "c". Its options are a, b.',
    )
  })

  it('may be a number within its range', () => {
    for (const value of [1, 1.5, 10]) expect(numberOption('n', value, range)).toBe(value)
    const others = [0.99, 10.01, NaN, Infinity, -Infinity, '5', 5n, null, undefined, [5], {}, true]
    for (const value of others) {
      expectMisconfigured(() => numberOption('n', value, range), 'option_invalid')
    }
  })

  it('may be one of several', () => {
    expect(oneOfOption('o', 'a', ['a', 'b'])).toBe('a')
    expect(oneOfOption('o', undefined, [undefined, 'b'])).toBeUndefined()
    for (const value of ['A', '', null, 1]) {
      expectMisconfigured(() => oneOfOption<unknown>('o', value, ['a', 'b']), 'option_invalid')
    }
  })

  it('may be a function, or left out', () => {
    for (const value of [undefined, () => 1, async () => 1]) functionOption('f', value)
    for (const value of [null, 'f', {}, 1]) {
      expectMisconfigured(() => functionOption('f', value), 'option_invalid')
    }
  })

  it('may be true or false, or left out', () => {
    for (const value of [undefined, true, false]) booleanOption('b', value)
    for (const value of [null, 'true', 0, 1, {}]) {
      expectMisconfigured(() => booleanOption('b', value), 'option_invalid')
    }
  })

  it('is told what it should be', () => {
    expect(invalidOption('n', 'a number').message).toBe(
      'The option "n" is not a number. Set it to a number, or leave it out.',
    )
  })
})
