import type { JsonObject, Portal } from '@countersign/core'
import type { Anatomy } from '../minting/anatomy'
import type { Bench } from '../minting/bench'
import { badValue, refuses } from './claim-recipe'
import {
  endField,
  registeredField,
  withClaim,
  withTimes,
  type AnyField,
  type Registered,
} from './claims-of'
import { isKnown, signBytes } from './craft'
import type { Recipe, Recipes } from './recipe'

const HOUR = 3_600_000
const MINUTE = 60_000
/** A moment to see a unit by. */
const SAMPLE = 1_700_000_000_000

const has = (name: Registered) => {
  return ({ portal }: Anatomy): boolean => registeredField(portal, name) !== undefined
}

const hasExpiry = has('expiresAt')
const hasIssue = has('issuedAt')
const hasBoth = (anatomy: Anatomy): boolean => hasExpiry(anatomy) && hasIssue(anatomy)

/** Right in everything but its times. */
const timed = (
  needs: Recipe['needs'],
  times: (bench: Bench) => Partial<Readonly<Record<Registered, number>>>,
): Recipe => ({ needs, how: (bench) => bench.place(bench.sign(withTimes(bench, times(bench)))) })

const expiry = ({ portal }: Anatomy) => registeredField(portal, 'expiresAt')
/** Of a signed message it is a header, which is text. */
const issue = ({ portal, message }: Anatomy) =>
  message ? undefined : registeredField(portal, 'issuedAt')
const notBefore = ({ portal }: Anatomy) => registeredField(portal, 'notBefore')

/** A codec that the kit does not know may write moments and nothing else. */
const badTime = (fieldOf: (anatomy: Anatomy) => AnyField | undefined, value: unknown): Recipe => {
  const recipe = badValue(fieldOf, value)
  return { ...recipe, needs: (anatomy) => isKnown(anatomy) && recipe.needs(anatomy) }
}

export const timeDefects: Recipes<'time'> = {
  expired: {
    needs: (anatomy) => hasExpiry(anatomy) || windowOf(anatomy) !== undefined,
    how: (bench) => bench.place(bench.sign(ended(bench))),
  },
  notYetValid: timed(hasIssue, ({ now }) => ({
    issuedAt: now + HOUR,
    expiresAt: now + HOUR + MINUTE,
  })),
  notBeforeAhead: timed(has('notBefore'), ({ now }) => ({
    notBefore: now + HOUR,
    expiresAt: now + HOUR + MINUTE,
  })),
  lifetimeTooLong: timed(hasExpiry, ({ now, portal }) => ({
    issuedAt: now,
    expiresAt: now + longest(portal) + HOUR,
  })),
  backdated: timed(hasBoth, ({ now, portal }) => ({
    issuedAt: now - longest(portal) - HOUR,
    expiresAt: now + MINUTE,
  })),
  expiryBeforeIssue: timed(hasBoth, (bench) => ({
    issuedAt: soon(bench) + 1_000,
    expiresAt: soon(bench),
  })),
  expiryAtIssue: timed(hasBoth, (bench) => ({ issuedAt: soon(bench), expiresAt: soon(bench) })),
  millisecondsForSeconds: inOtherUnit('seconds', (value) => value * 1_000),
  secondsForMilliseconds: inOtherUnit('milliseconds', (value) => Math.floor(value / 1_000)),
  missingExpiry: badTime(expiry, undefined),
  undated: {
    needs: canBeUndated,
    when: (_, { replayStore, nonceRetention }) =>
      !replayStore?.durable && nonceRetention === undefined,
    how: ({ claims, anatomy, place, sign }) =>
      place(sign(withClaim(claims, expiry(anatomy)?.claim ?? '', undefined))),
  },
  expiryNull: badTime(expiry, null),
  expiryAsText: badTime(expiry, '1789000000'),
  expiryBoolean: badTime(expiry, true),
  expiryNegative: badTime(expiry, -1),
  expiryInfinite: { needs: (anatomy) => isKnown(anatomy) && hasExpiry(anatomy), how: infinite },
  missingIssueTime: badTime(issue, undefined),
  issueTimeAsText: badTime(issue, '1789000000'),
  issueTimeNegative: badTime(issue, -1),
  issueTimeInMilliseconds: badTime(issue, 1_789_000_000_000),
  notBeforeAsText: badTime(notBefore, '1789000000'),
}

/** A whole second, so that it is the same moment in every unit. */
function soon({ now }: Bench): number {
  return Math.floor(now / 1_000) * 1_000 + MINUTE
}

/** Milliseconds. */
function longest({ scheme }: Portal): number {
  return scheme.limits.maxLifetime * 1_000
}

/** Milliseconds; for a scheme that says when it signed and not when that ends. */
function windowOf({ portal }: Anatomy): number | undefined {
  const { window } = portal.scheme.limits
  return window === undefined ? undefined : window * 1_000
}

function ended(bench: Bench): JsonObject {
  const { now, anatomy } = bench
  if (hasExpiry(anatomy)) return withTimes(bench, { issuedAt: now - MINUTE, expiresAt: now })
  return withTimes(bench, { issuedAt: now - (windowOf(anatomy) ?? 0) - 1 })
}

/** In what the time that ends it is counted. */
function unitOf({ portal }: Anatomy): 'seconds' | 'milliseconds' | undefined {
  const written = endField(portal)?.write(SAMPLE as never) // a time is written from milliseconds
  if (written === SAMPLE) return 'milliseconds'
  return written === SAMPLE / 1_000 ? 'seconds' : undefined
}

function inOtherUnit(unit: 'seconds' | 'milliseconds', change: (value: number) => number): Recipe {
  const wrong = unit === 'seconds' ? SAMPLE : SAMPLE / 1_000
  return {
    needs: (anatomy) => unitOf(anatomy) === unit && refuses(endField(anatomy.portal), wrong),
    how({ portal, claims, place, sign }) {
      const name = endField(portal)?.claim ?? ''
      return place(sign(withClaim(claims, name, change(Number(claims[name])))))
    },
  }
}

/** Only a nonce that is remembered for ever makes a credential without an end count once. */
function canBeUndated(anatomy: Anatomy): boolean {
  const { singleUse } = anatomy.portal.scheme
  const mayBeAbsent = hasExpiry(anatomy) && !refuses(expiry(anatomy), undefined)
  return mayBeAbsent && !hasIssue(anatomy) && singleUse?.when === 'always'
}

/** JSON can write numbers that are none any more once they are read. */
function infinite(bench: Bench) {
  const name = expiry(bench.anatomy)?.claim ?? ''
  const json = JSON.stringify({ ...bench.claims, [name]: 0 })
  const written = json.replace(`${JSON.stringify(name)}:0`, `${JSON.stringify(name)}:1e400`)
  return bench.place(signBytes(bench, Buffer.from(written, 'utf8')))
}
