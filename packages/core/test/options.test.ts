import {
  callback,
  choice,
  clock,
  flag,
  invalidOption,
  number,
  readOptions,
  seconds,
  type Option,
} from '../src/options'
import { resultOf, thrown } from './support/errors'

const table = { clockTolerance: seconds({ min: 0, max: 300 }, 30_000), bearer: flag, now: clock }
const read = (given: unknown) => readOptions<object>('f()', table, given as object) // some wrong on purpose

describe('the options of a function', () => {
  const invalid = (name: string, wanted: string) =>
    `The option "${name}" of f() has an invalid value. Set it to ${wanted}, or leave it out.`

  it('are read with their defaults, in the units of the code', () => {
    const defaults = { clockTolerance: 30_000, bearer: false, now: expect.any(Function) }
    const inherited: object = Object.create({ bearer: true, mode: 1 })
    for (const given of [undefined, {}, { bearer: undefined }, inherited])
      expect(read(given)).toEqual(defaults)
    const given = { clockTolerance: 1.5, bearer: true, now: () => 1 }
    expect(read(given)).toEqual({ ...given, clockTolerance: 1_500 })
  })

  it.each<readonly [object, string]>([
    [{ clockTolerence: 5 }, 'f() has no option "clockTolerence". Did you mean "clockTolerance"?'],
    [{ Bearer: undefined }, 'f() has no option "Bearer". Did you mean "bearer"?'],
    [{ mode: 1 }, 'f() has no option "mode". Its options are clockTolerance, bearer, now.'],
    [{ toString: 1 }, 'f() has no option "toString". Its options are clockTolerance, bearer, now.'],
    [{ bearer: 'yes' }, invalid('bearer', 'true or false')],
    [{ clockTolerance: 301 }, invalid('clockTolerance', 'a number of seconds from 0 to 300')],
  ])('are refused by their names: %j', (given, message) => {
    expect(thrown(() => read(given))).toMatchObject({ message })
  })

  it.each([null, 'bearer', 7, true])('are refused where they are not an object: %j', (given) => {
    expect(resultOf(() => read(given))).toBe('option_invalid')
  })
})

describe('an option', () => {
  const entries = number({ min: 1, max: 10, unit: 'entries' }, undefined)
  const format = choice(['json', 'redirect'], 'json')

  it.each<readonly [string, Option<unknown>, readonly unknown[], readonly unknown[]]>([
    ['number', entries, [1, 1.5, 10], [0.99, 10.01, NaN, Infinity, '5', 5n, null, [5], true]],
    ['flag', flag, [true, false], ['true', 0, 1, null, {}]],
    ['choice', format, ['json', 'redirect'], ['JSON', '', null, 1, ['json']]],
    ['callback', callback(), [() => 1, async () => 1], ['f', null, {}, 1]],
    ['clock', clock, [Date.now, () => 1], [1_760_000_000_000, null, new Date(0)]],
  ])('of the kind %s takes only what it names', (_, option, accepted, refused) => {
    for (const value of accepted) expect(option.read(value)).toBe(value)
    for (const value of refused) expect([value, option.read(value)]).toEqual([value, undefined])
  })

  it('names the values to choose from', () => {
    expect(invalidOption('f()', 'respond', format.wanted).fix).toBe(
      'Set it to "json" or "redirect", or leave it out',
    )
  })
})
