import { readClock } from '../src/clock'
import { thrown } from './support/errors'

describe('the clock', () => {
  it.each([Date.UTC(2020, 0, 1), 1_760_000_000_000.5, Date.UTC(9999, 11, 31)])(
    'may show %d',
    (time) => {
      expect(readClock(() => time)).toBe(time)
    },
  )

  it.each([
    ['before 2020', Date.UTC(2020, 0, 1) - 1],
    ['after 9999', Date.UTC(9999, 11, 31) + 1],
    ['seconds', 1_760_000_000],
    ['nothing', NaN],
    ['for ever', Infinity],
    ['a text', '1760000000000'],
    ['a date', new Date(1_760_000_000_000)],
  ])('may not show %s', (_, time) => {
    const error = thrown(() => readClock(() => time as number)) // wrong on purpose
    expect(error).toMatchObject({ code: 'clock_invalid', reason: 'clock_invalid', status: 500 })
  })
  it('may not throw', () => {
    const broken = (): number => {
      throw new Error('no time')
    }
    expect(thrown(() => readClock(broken))).toMatchObject({ code: 'clock_invalid', status: 500 })
  })
})
