import type { Portal } from '@countersign/core'
import { isKnown, isMessage } from '../minting/format'
import type { Material } from '../minting/material'
import {
  bad,
  endField,
  refuses,
  registered,
  rows,
  userField,
  withClaim,
  type FieldOf,
  type Recipe,
  type Registered,
} from './defect'

const HOUR = 3_600_000
const MINUTE = 60_000
/** A time that shows its unit. */
const SAMPLE = 1_700_000_000_000

const expiry = registered('expiresAt')
const audience = registered('audience')
const nonce = registered('nonce')
const identity = userField('id')
/** The time of a signed message is a header, which is always text. */
const issue: FieldOf = (portal) => (isMessage(portal) ? undefined : registered('issuedAt')(portal))

type Times = Partial<Readonly<Record<Registered, number>>>

/** Valid but for its times, in milliseconds. @param names the claims that the scheme must have */
const timed = (names: readonly Registered[], times: (material: Material) => Times): Recipe => ({
  needs: ({ scheme }) => names.every((name) => scheme.claims[name]),
  claims(claims, material) {
    const all = Object.entries(times(material)) as [Registered, number][] // its own keys
    return all.reduce((written, [name, ms]) => {
      const field = registered(name)(material.portal)
      return field ? withClaim(written, field, field.write(ms as never)) : written // a time is written from milliseconds
    }, claims)
  },
})

const ahead = (name: Registered): Recipe =>
  timed([name], ({ now }) => ({ [name]: now + HOUR, expiresAt: now + HOUR + MINUTE }))

/** @param unit in which the time is written that decides when the credential ends, in milliseconds */
const inOtherUnit = (unit: 1 | 1_000): Recipe => ({
  needs: (portal) =>
    endField(portal)?.write(SAMPLE as never) === SAMPLE / unit && // likewise
    refuses(endField(portal), unit === 1 ? SAMPLE / 1_000 : SAMPLE),
  claims(claims, { portal }) {
    const field = endField(portal)
    const time = Number(claims[field?.claim ?? ''])
    return withClaim(claims, field, unit === 1 ? Math.floor(time / 1_000) : time * 1_000)
  },
})

/** Only a nonce that is remembered for ever makes a credential without an end single-use. */
const undated: Recipe = {
  needs: (portal, { replayStore, nonceRetention }) =>
    expiry(portal) !== undefined &&
    !refuses(expiry(portal), undefined) &&
    !portal.scheme.claims.issuedAt &&
    portal.scheme.singleUse?.when === 'always' &&
    !replayStore?.durable &&
    nonceRetention === undefined,
  claims: (claims, { portal }) => withClaim(claims, expiry(portal), undefined),
}

/** JSON can write numbers that JavaScript reads as `Infinity`. */
const infinite: Recipe = {
  needs: (portal) => expiry(portal) !== undefined,
  json(json, { portal }) {
    const name = JSON.stringify(expiry(portal)?.claim)
    return json.replace(new RegExp(`${name}:\\d+`), `${name}:1e400`)
  },
}

const longest = ({ scheme }: Portal): number => scheme.limits.maxLifetime * 1_000
const windowOf = ({ scheme }: Portal): number => (scheme.limits.window ?? 0) * 1_000

const expired: Recipe = {
  ...timed([], ({ now, portal }) =>
    expiry(portal)
      ? { issuedAt: now - MINUTE, expiresAt: now }
      : { issuedAt: now - windowOf(portal) - 1 },
  ),
  needs: (portal) =>
    expiry(portal) !== undefined || (endField(portal) !== undefined && windowOf(portal) > 0),
}

export const timeRows = {
  ...rows('token_expired', 'a way in', { expired: ['that has expired', expired] }),
  ...rows('token_not_yet_valid', 'a broken promise', {
    notYetValid: ['issued an hour in the future', ahead('issuedAt')],
    notBeforeAhead: ['that becomes valid in an hour', ahead('notBefore')],
  }),
  ...rows('lifetime_exceeded', 'a broken promise', {
    lifetimeTooLong: [
      'that is valid for an hour longer than the portal allows',
      timed(['expiresAt'], ({ now, portal }) => ({
        issuedAt: now,
        expiresAt: now + longest(portal) + HOUR,
      })),
    ],
  }),
  ...rows('claims_invalid', 'a way in', {
    missingExpiry: ['without an expiry', bad(expiry, undefined)],
    undated: ['that never expires, in a store that forgets', undated],
  }),
  ...rows('claims_invalid', 'a broken promise', {
    millisecondsForSeconds: [
      'with its expiry in milliseconds instead of seconds',
      inOtherUnit(1_000),
    ],
    expiryInfinite: ['whose expiry is too large', infinite, 'rare'],
  }),
  ...rows('claims_invalid', 'strictness', {
    expiryBeforeIssue: [
      'that expires before it was issued',
      timed(['expiresAt', 'issuedAt'], ({ now }) => ({
        issuedAt: now + MINUTE,
        expiresAt: now + MINUTE - 1_000,
      })),
    ],
    secondsForMilliseconds: ['whose time is in seconds, not milliseconds', inOtherUnit(1), 'rare'],
    expiryAsText: ['whose expiry is a number in quotes', bad(expiry, '1789000000'), 'rare'],
    missingIssueTime: ['without a time of issue', bad(issue, undefined), 'rare'],
  }),
}

/** For another audience, whose name is valid as a name. */
const otherAudience: Recipe = {
  needs: (portal) => audience(portal) !== undefined && !refuses(audience(portal), 'other'),
  claims: (claims, { portal }) => withClaim(claims, audience(portal), `${portal.audience}-other`),
}

const unknownMember: Recipe = {
  needs: (portal) => isKnown(portal) && portal.scheme.claims.unknown === 'refuse',
  claims: (claims) => ({ ...claims, is_admin: true }),
}

export const claimsRows = {
  ...rows('audience_mismatch', 'a way in', {
    wrongAudience: ['for another audience', otherAudience],
  }),
  ...rows('claims_invalid', 'a way in', {
    missingAudience: ['without an audience', bad(audience, undefined)],
    missingNonce: ['without a nonce', bad(nonce, undefined)],
    nonceEmpty: ['whose nonce is empty', bad(nonce, ''), 'rare'],
  }),
  ...rows('claims_invalid', 'a broken promise', {
    missingIdentifier: ['without a user id', bad(identity, undefined)],
    identifierEmpty: ['whose user id is empty', bad(identity, ''), 'rare'],
    scriptUrl: [
      'with a `javascript:` URL',
      bad(userField('avatar'), 'javascript:alert(1)'),
      'rare',
    ],
  }),
  ...rows('claims_invalid', 'strictness', {
    identifierUndefined: ['whose user id is the text `undefined`', bad(identity, 'undefined')],
    emailInvalid: ['whose e-mail address has no `@`', bad(userField('email'), 'ada.example.com')],
    unknownMember: ['with a member that the scheme does not have', unknownMember],
    audienceList: ['whose audience is a list', bad(audience, ['other']), 'rare'],
    identifierControl: ['whose user id has a line break', bad(identity, 'u_1\r\nx'), 'rare'],
    identifierList: ['whose user id is a list', bad(identity, ['u_1']), 'rare'],
    identifierUnsafe: ['whose user id is too large to be exact', bad(identity, 2 ** 53), 'rare'],
  }),
}
