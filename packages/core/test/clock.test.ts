import { readClock } from '../src/verify/times'
import { resultOf } from './support/codes'

const read = (time: unknown) => resultOf(() => readClock(() => time as number)) // some wrong on purpose

describe('a clock', () => {
  it('may show any time from 2020 to 9999', () => {
    const times = [Date.UTC(2020, 0, 1), 1_760_000_000_000.5, Date.UTC(9999, 11, 31)]
    expect(times.map(read)).toEqual(times)
  })

  it.each([
    ['a time before 2020', Date.UTC(2020, 0, 1) - 1],
    ['a time after 9999', Date.UTC(9999, 11, 31) + 1],
    ['seconds', 1_760_000_000],
    ['NaN', NaN],
    ['text', '1760000000000'],
    ['a Date', new Date(1_760_000_000_000)],
  ])('is refused where it shows %s', (_, time) => {
    expect(read(time)).toBe('clock_invalid')
  })

  it('is refused where it throws', () => {
    const broken = () => {
      throw new Error('no time')
    }
    expect(resultOf(() => readClock(broken))).toBe('clock_invalid')
  })
})
