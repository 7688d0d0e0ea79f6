import { checkAudience, checkTimes, endOf } from '../src/validity'
import { expectRejection, thrown } from './support/errors'
import { NOW } from './support/request'

const nothing = { issuedAt: null, notBefore: null, expiresAt: null, audience: null, nonce: null }
const limits = { clockTolerance: 30_000, maxLifetime: 3_600_000, window: Infinity }
const HOUR = 3_600_000

/** Times are told as distances from now. */
interface Times {
  readonly issued?: number
  readonly from?: number
  readonly expires?: number
  readonly window?: number
}

function verdict({ issued, from, expires, window = Infinity }: Times): string {
  const at = (distance: number | undefined) => (distance === undefined ? null : NOW + distance)
  const claims = { ...nothing, issuedAt: at(issued), notBefore: at(from), expiresAt: at(expires) }
  try {
    checkTimes(claims, { ...limits, window }, NOW)
    return 'valid'
  } catch (error) {
    return (error as { code: string }).code // whatever else it is fails the test
  }
}

describe('the times of a credential', () => {
  it.each<[string, Times, string]>([
    ['nothing is said', {}, 'valid'],
    ['it ends in a millisecond', { issued: -1, expires: 1 }, 'valid'],
    ['it ends now', { issued: -1, expires: 0 }, 'token_expired'],
    ['it ended a millisecond ago', { issued: -2, expires: -1 }, 'token_expired'],
    ['it ends when it was issued', { issued: 10, expires: 10 }, 'claims_invalid'],
    ['it ends before it was issued', { issued: 20, expires: 10 }, 'claims_invalid'],
    ['it was issued at the edge of tolerance', { issued: 30_000, expires: 60_000 }, 'valid'],
    ['it was issued beyond tolerance', { issued: 30_001, expires: 60_000 }, 'token_not_yet_valid'],
    ['it counts from the edge of tolerance', { issued: 0, from: 30_000, expires: 60_000 }, 'valid'],
    [
      'it counts from beyond tolerance',
      { issued: 0, from: 30_001, expires: 60_000 },
      'token_not_yet_valid',
    ],
    ['it counts from before it was issued', { issued: 0, from: -HOUR, expires: 1 }, 'valid'],
    ['it lives as long as it may', { issued: -1, expires: HOUR - 1 }, 'valid'],
    ['it lives a millisecond longer', { issued: -1, expires: HOUR }, 'lifetime_exceeded'],
    ['it has no issue and ends in time', { expires: HOUR }, 'valid'],
    ['it has no issue and ends too late', { expires: HOUR + 1 }, 'lifetime_exceeded'],
    ['its window is not over', { issued: -300_000, window: 300_000 }, 'valid'],
    ['its window is over', { issued: -300_001, window: 300_000 }, 'token_expired'],
    [
      'its window begins beyond tolerance',
      { issued: 30_001, window: 300_000 },
      'token_not_yet_valid',
    ],
    [
      'an end of its own stands before the window',
      { issued: -HOUR / 2, expires: 1, window: 1 },
      'valid',
    ],
  ])('where %s: %j is %s', (_, times, expected) => {
    expect(verdict(times)).toBe(expected)
  })

  it('are told in one order when several are wrong', () => {
    expect(verdict({ issued: -1, expires: -1, from: HOUR })).toBe('token_expired')
    expect(verdict({ issued: HOUR, expires: HOUR })).toBe('claims_invalid')
    expect(verdict({ issued: HOUR, expires: 3 * HOUR })).toBe('token_not_yet_valid')
  })

  it('say when it ends', () => {
    const issued = { ...nothing, issuedAt: NOW }
    expect(endOf({ ...issued, expiresAt: NOW + 1 }, { ...limits, window: 9 })).toBe(NOW + 1)
    expect(endOf(issued, { ...limits, window: 9 })).toBe(NOW + 9)
    expect(endOf(nothing, limits)).toBeNull()
  })
})

describe('the audience of a credential', () => {
  it('is equal to the letter, or nobody said one', () => {
    expect(() => checkAudience('a', 'a')).not.toThrow()
    expect(() => checkAudience(null, 'a')).not.toThrow()
    for (const [claimed, expected] of [
      ['a', 'b'],
      ['A', 'a'],
      ['a ', 'a'],
      ['', 'a'],
      ['é', 'e\u0301'],
      ['a', null],
      ['', null],
    ] as const) {
      expectRejection(
        thrown(() => checkAudience(claimed, expected)),
        'audience_mismatch',
      )
    }
  })
})
