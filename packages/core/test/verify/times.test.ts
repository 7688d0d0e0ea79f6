import { checkAudience, checkTimes, endOf, readClock } from '../../src/verify/times'
import { resultOf } from '../support/errors'
import { NOW } from '../support/request'

const HOUR = 3_600_000
const claims = { issuedAt: null, notBefore: null, expiresAt: null, audience: null, nonce: null }
const limits = { clockTolerance: 30_000, maxLifetime: HOUR, window: Infinity }

/** Distances from now, in milliseconds. */
interface Times {
  readonly iat?: number
  readonly nbf?: number
  readonly exp?: number
  readonly window?: number
}

function codeOf({ iat, nbf, exp, window = Infinity }: Times): string {
  const at = (distance: number | undefined) => (distance === undefined ? null : NOW + distance)
  const times = { ...claims, issuedAt: at(iat), notBefore: at(nbf), expiresAt: at(exp) }
  return resultOf(() => checkTimes(times, { ...limits, window }, NOW)) ?? 'valid'
}

describe('the times of a credential', () => {
  it.each<[string, Times, string]>([
    ['no times', {}, 'valid'],
    ['expiry in 1 ms', { iat: -1, exp: 1 }, 'valid'],
    ['expiry now', { iat: -1, exp: 0 }, 'token_expired'],
    ['expiry at the time of issue', { iat: 10, exp: 10 }, 'claims_invalid'],
    ['expiry before the time of issue', { iat: 20, exp: 10 }, 'claims_invalid'],
    ['issued in the future, within the tolerance', { iat: 30_000, exp: 60_000 }, 'valid'],
    ['issued beyond the tolerance', { iat: 30_001, exp: 60_000 }, 'token_not_yet_valid'],
    ['valid from within the tolerance', { iat: 0, nbf: 30_000, exp: 60_000 }, 'valid'],
    ['valid from beyond it', { iat: 0, nbf: 30_001, exp: 60_000 }, 'token_not_yet_valid'],
    ['valid from before the time of issue', { iat: 0, nbf: -HOUR, exp: 1 }, 'valid'],
    ['longest lifetime plus tolerance', { iat: -1, exp: HOUR + 29_999 }, 'valid'],
    ['1 ms more', { iat: -1, exp: HOUR + 30_000 }, 'lifetime_exceeded'],
    ['no time of issue, longest life', { exp: HOUR + 30_000 }, 'valid'],
    ['no time of issue, 1 ms more', { exp: HOUR + 30_001 }, 'lifetime_exceeded'],
    ['end of the window', { iat: -300_000, window: 300_000 }, 'valid'],
    ['after the window', { iat: -300_001, window: 300_000 }, 'token_expired'],
    ['window beyond the tolerance', { iat: 30_001, window: 300_000 }, 'token_not_yet_valid'],
    ['an expiry, which replaces the window', { iat: -2, exp: 1, window: 1 }, 'valid'],
    ['expired before not yet valid', { iat: -1, exp: -1, nbf: HOUR }, 'token_expired'],
    ['impossible before not yet valid', { iat: HOUR, exp: HOUR }, 'claims_invalid'],
    ['not yet valid before too long', { iat: HOUR, exp: 3 * HOUR }, 'token_not_yet_valid'],
  ])('%s: %j is %s', (_, times, expected) => {
    expect(codeOf(times)).toBe(expected)
  })

  it('end with the expiry, or else with the window', () => {
    const issued = { ...claims, issuedAt: NOW }
    const window = { ...limits, window: 9 }
    expect(endOf({ ...issued, expiresAt: NOW + 1 }, window)).toBe(NOW + 1)
    expect(endOf(issued, window)).toBe(NOW + 9)
    expect(endOf(claims, window)).toBeNull()
  })
})

describe('the audience of a credential', () => {
  it.each([
    ['a', 'b'],
    ['é', 'e\u0301'],
    ['a', null],
  ])('must be exactly the expected one: %j for %j is refused', (claimed, expected) => {
    expect(resultOf(() => checkAudience(claimed, expected))).toBe('audience_mismatch')
  })

  it('passes where it is equal or not claimed', () => {
    expect(() => checkAudience('a', 'a')).not.toThrow()
    expect(() => checkAudience(null, 'a')).not.toThrow()
  })
})

describe('a clock', () => {
  const read = (time: unknown) => resultOf(() => readClock(() => time as number)) // some wrong on purpose

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
