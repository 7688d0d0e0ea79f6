import type { Portal } from '@countersign/core'
import { isKnown, isMessage } from '../minting/format'
import type { Material } from '../minting/material'
import type { WireRequest } from '../minting/request'
import { rows, type Recipe } from './defect'
import { bad, endField, refuses, registered, withClaim, withTimes, type FieldOf } from './fields'
import { signBytes } from './pieces'

const HOUR = 3_600_000
const MINUTE = 60_000
/** A time that shows its unit. */
const SAMPLE = 1_700_000_000_000

const expiry = registered('expiresAt')
const issue = registered('issuedAt')
const notBefore = registered('notBefore')
/** The time of a signed message is a header, which is always text. */
const issueClaim: FieldOf = (portal) => (isMessage(portal) ? undefined : issue(portal))

type Times = (material: Material) => Parameters<typeof withTimes>[1]

/** Valid in everything but its times. */
const timed = (fields: readonly FieldOf[], times: Times): Recipe => ({
  needs: (portal) => fields.every((field) => field(portal) !== undefined),
  make: (material) => material.place(material.sign(withTimes(material, times(material)))),
})

/** A codec that the kit does not know may be unable to write anything but times. */
const badTime = (field: FieldOf, value: unknown): Recipe => {
  const recipe = bad(field, value)
  return { ...recipe, needs: (portal) => isKnown(portal) && recipe.needs(portal) }
}

const soonAnd =
  (more: number): Times =>
  (material) => ({
    issuedAt: soon(material) + more,
    expiresAt: soon(material),
  })

const noExpiry: Recipe = {
  needs: mayLackExpiry,
  when: (_, { replayStore, nonceRetention }) =>
    !replayStore?.durable && nonceRetention === undefined,
  make: ({ claims, portal, place, sign }) =>
    place(sign(withClaim(claims, expiry(portal)?.claim ?? '', undefined))),
}

export const timeRows = {
  ...rows('token_expired', 'a way in', {
    expired: ['that has expired', { needs: hasEnd, make: ended }],
  }),
  ...rows('token_not_yet_valid', 'a broken promise', {
    notYetValid: [
      'issued an hour in the future',
      timed([issue], ({ now }) => ({ issuedAt: now + HOUR, expiresAt: now + HOUR + MINUTE })),
    ],
    notBeforeAhead: [
      'that becomes valid in an hour',
      timed([notBefore], ({ now }) => ({ notBefore: now + HOUR, expiresAt: now + HOUR + MINUTE })),
    ],
  }),
  ...rows('lifetime_exceeded', 'a broken promise', {
    lifetimeTooLong: [
      'that lives an hour longer than the portal allows',
      timed([expiry], ({ now, portal }) => ({
        issuedAt: now,
        expiresAt: now + longest(portal) + HOUR,
      })),
    ],
    backdated: [
      'that expires soon, and was issued too long ago',
      timed([expiry, issue], ({ now, portal }) => ({
        issuedAt: now - longest(portal) - HOUR,
        expiresAt: now + MINUTE,
      })),
    ],
  }),
  ...rows('claims_invalid', 'a way in', {
    missingExpiry: ['without an expiry', badTime(expiry, undefined)],
    undated: ['that never expires, in a store that forgets', noExpiry],
    expiryNull: ['whose expiry is `null`', badTime(expiry, null)],
  }),
  ...rows('claims_invalid', 'a broken promise', {
    millisecondsForSeconds: ['that ends in milliseconds, not seconds', inOtherUnit(1_000)],
    expiryInfinite: ['whose expiry is too large', { needs: hasExpiry, make: infinite }],
  }),
  ...rows('claims_invalid', 'strictness', {
    expiryBeforeIssue: [
      'that expires before it was issued',
      timed([expiry, issue], soonAnd(1_000)),
    ],
    expiryAtIssue: ['that expires when it is issued', timed([expiry, issue], soonAnd(0))],
    secondsForMilliseconds: ['whose time is in seconds, not milliseconds', inOtherUnit(1)],
    expiryAsText: ['whose expiry is a number in quotes', badTime(expiry, '1789000000')],
    expiryBoolean: ['whose expiry is `true`', badTime(expiry, true)],
    expiryNegative: ['whose expiry is negative', badTime(expiry, -1)],
    missingIssueTime: ['without a time of issue', badTime(issueClaim, undefined)],
    issueTimeAsText: ['issued at a number in quotes', badTime(issueClaim, '1789000000')],
    issueTimeNegative: ['whose time of issue is negative', badTime(issueClaim, -1)],
    issueTimeInMilliseconds: ['issued at a time in milliseconds', badTime(issueClaim, SAMPLE)],
    notBeforeAsText: ['whose `nbf` is a number in quotes', badTime(notBefore, '1789000000')],
  }),
}

function hasEnd(portal: Portal): boolean {
  const { claims, limits } = portal.scheme
  return expiry(portal) !== undefined || (claims.issuedAt && limits.window) !== undefined
}

function hasExpiry(portal: Portal): boolean {
  return isKnown(portal) && expiry(portal) !== undefined
}

/** A whole second, which is the same time in every unit. */
function soon({ now }: Material): number {
  return Math.floor(now / 1_000) * 1_000 + MINUTE
}

/** Milliseconds. */
function longest({ scheme }: Portal): number {
  return scheme.limits.maxLifetime * 1_000
}

function ended(material: Material): WireRequest {
  const { now, portal, place, sign } = material
  const window = (portal.scheme.limits.window ?? 0) * 1_000
  const times = expiry(portal)
    ? { issuedAt: now - MINUTE, expiresAt: now }
    : { issuedAt: now - window - 1 }
  return place(sign(withTimes(material, times)))
}

/** @param unit in which the time is written that decides when the credential ends, in milliseconds */
function inOtherUnit(unit: 1 | 1_000): Recipe {
  const other = unit === 1 ? 1_000 : 1
  return {
    needs: (portal) =>
      endField(portal)?.write(SAMPLE as never) === SAMPLE / unit && // a time is written from milliseconds
      refuses(endField(portal), SAMPLE / other),
    make({ portal, claims, place, sign }) {
      const name = endField(portal)?.claim ?? ''
      return place(sign(withClaim(claims, name, Math.floor((Number(claims[name]) * unit) / other))))
    },
  }
}

/** Only a nonce that is remembered for ever makes a credential without an end single-use. */
function mayLackExpiry(portal: Portal): boolean {
  const { singleUse } = portal.scheme
  const isOptional = expiry(portal) !== undefined && !refuses(expiry(portal), undefined)
  return isOptional && !issue(portal) && singleUse?.when === 'always'
}

/** JSON can write numbers that JavaScript reads as `Infinity`. */
function infinite(material: Material): WireRequest {
  const name = expiry(material.portal)?.claim ?? ''
  const json = JSON.stringify({ ...material.claims, [name]: 0 })
  const written = json.replace(`${JSON.stringify(name)}:0`, `${JSON.stringify(name)}:1e400`)
  return material.place(signBytes(material, Buffer.from(written, 'utf8')))
}
