import type { JsonObject, Portal } from '@countersign/core'
import { isKnown, isMessage } from '../minting/format'
import type { Material } from '../minting/material'
import {
  bad,
  endField,
  refuses,
  registered,
  rows,
  userField,
  userFields,
  withClaim,
  type FieldOf,
  type Recipe,
} from './defect'

const HOUR = 3_600_000
const MINUTE = 60_000
/** A time that shows its unit. */
const SAMPLE = 1_700_000_000_000

const expiry = registered('expiresAt')
const issue = registered('issuedAt')
const notBefore = registered('notBefore')
const audience = registered('audience')
const nonce = registered('nonce')
const identity = userField('id')
const email = userField('email')
/** The time of a signed message is a header, which is always text. */
const issueClaim: FieldOf = (portal) => (isMessage(portal) ? undefined : issue(portal))
/** A field that takes URLs and no other text. */
const url: FieldOf = (portal) =>
  Object.values(userFields(portal)).find(
    (field) => !refuses(field, 'https://example.com/a.png') && refuses(field, 'example.com'),
  )

type Times = (
  material: Material,
) => Partial<Readonly<Record<'issuedAt' | 'notBefore' | 'expiresAt', number>>>

/** The claims with each time written as its own field writes it, from milliseconds since the epoch. */
const withTimes = (times: Times) => (claims: JsonObject, material: Material) => {
  const all = Object.entries(times(material)) as [keyof ReturnType<Times>, number][] // its own keys
  return all.reduce((written, [name, ms]) => {
    const field = registered(name)(material.portal)
    return field ? withClaim(written, field, field.write(ms as never)) : written // a time is written from milliseconds
  }, claims)
}

/** Valid in everything but its times. */
const timed = (fields: readonly FieldOf[], times: Times): Recipe => ({
  needs: (portal) => fields.every((field) => field(portal) !== undefined),
  claims: withTimes(times),
})

/** A codec that the kit does not know may be unable to write anything but times, or an empty text. */
const ifKnown = (recipe: Recipe): Recipe => ({
  ...recipe,
  needs: (portal) => isKnown(portal) && recipe.needs?.(portal) !== false,
})

/** @param more milliseconds between the expiry and the time of issue */
const beforeIssue = (more: number): Recipe =>
  timed([expiry, issue], ({ now }) => {
    const soon = Math.floor(now / 1_000) * 1_000 + MINUTE // the same time in every unit
    return { issuedAt: soon + more, expiresAt: soon }
  })

/** @param unit in which the time is written that decides when the credential ends, in milliseconds */
const inOtherUnit = (unit: 1 | 1_000): Recipe => ({
  needs: (portal) =>
    endField(portal)?.write(SAMPLE as never) === SAMPLE / unit && // a time is written from milliseconds
    refuses(endField(portal), unit === 1 ? SAMPLE / 1_000 : SAMPLE),
  claims(claims, { portal }) {
    const field = endField(portal)
    const time = Number(claims[field?.claim ?? ''])
    return withClaim(claims, field, unit === 1 ? Math.floor(time / 1_000) : time * 1_000)
  },
})

/** Only a nonce that is remembered for ever makes a credential without an end single-use. */
const undated: Recipe = {
  needs: (portal) =>
    expiry(portal) !== undefined &&
    !refuses(expiry(portal), undefined) &&
    !issue(portal) &&
    portal.scheme.singleUse?.when === 'always',
  when: (_, { replayStore, nonceRetention }) =>
    !replayStore?.durable && nonceRetention === undefined,
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
const window = ({ scheme }: Portal): number => (scheme.limits.window ?? 0) * 1_000

export const timeRows = {
  ...rows('token_expired', 'a way in', {
    expired: [
      'that has expired',
      {
        needs: (portal) =>
          expiry(portal) !== undefined || (issue(portal) !== undefined && window(portal) > 0),
        claims: withTimes(({ now, portal }) =>
          expiry(portal)
            ? { issuedAt: now - MINUTE, expiresAt: now }
            : { issuedAt: now - window(portal) - 1 },
        ),
      },
    ],
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
    missingExpiry: ['without an expiry', ifKnown(bad(expiry, undefined))],
    undated: ['that never expires, in a store that forgets', undated],
    expiryNull: ['whose expiry is `null`', bad(expiry, null)],
  }),
  ...rows('claims_invalid', 'a broken promise', {
    millisecondsForSeconds: ['that ends in milliseconds, not seconds', inOtherUnit(1_000)],
    expiryInfinite: ['whose expiry is too large', infinite],
  }),
  ...rows('claims_invalid', 'strictness', {
    expiryBeforeIssue: ['that expires before it was issued', beforeIssue(1_000)],
    expiryAtIssue: ['that expires when it is issued', beforeIssue(0)],
    secondsForMilliseconds: ['whose time is in seconds, not milliseconds', inOtherUnit(1)],
    expiryAsText: ['whose expiry is a number in quotes', ifKnown(bad(expiry, '1789000000'))],
    expiryNegative: ['whose expiry is negative', bad(expiry, -1)],
    missingIssueTime: ['without a time of issue', bad(issueClaim, undefined)],
    issueTimeAsText: ['issued at a number in quotes', ifKnown(bad(issueClaim, '1789000000'))],
    notBeforeAsText: ['whose `nbf` is a number in quotes', ifKnown(bad(notBefore, '1789000000'))],
  }),
}

const ADA = 'ada@example.com'
/** Longer than one or the other kind of text may be. */
const LONG = [256, 1_025, 2_049].map((length) => 'x'.repeat(length))

/** For another audience, whose name is valid as a name. */
const meantFor = (write: (own: string) => string): Recipe => ({
  needs: (portal) => {
    const field = audience(portal)
    const own = portal.audience ?? ''
    return field !== undefined && !refuses(field, 'other') && write(own) !== own
  },
  claims: (claims, { portal }) => withClaim(claims, audience(portal), write(portal.audience ?? '')),
})

const unknownMember: Recipe = {
  needs: (portal) => isKnown(portal) && portal.scheme.claims.unknown === 'refuse',
  claims: (claims) => ({ ...claims, is_admin: true }),
}

export const claimsRows = {
  ...rows('audience_mismatch', 'a way in', {
    wrongAudience: ['for another audience', meantFor((own) => `${own}-other`)],
    audienceCase: ['for an audience in another case', meantFor(otherCase)],
  }),
  ...rows('claims_invalid', 'a way in', {
    missingAudience: ['without an audience', bad(audience, undefined)],
    missingNonce: ['without a nonce', bad(nonce, undefined)],
    audienceNull: ['whose audience is `null`', bad(audience, null)],
    nonceEmpty: ['whose nonce is empty', bad(nonce, '')],
    nonceNull: ['whose nonce is `null`', bad(nonce, null)],
  }),
  ...rows('claims_invalid', 'a broken promise', {
    missingIdentifier: ['without a user id', bad(identity, undefined)],
    identifierNull: ['whose user id is `null`', bad(identity, null)],
    identifierEmpty: ['whose user id is empty', ifKnown(bad(identity, ''))],
    scriptUrl: ['with a `javascript:` URL', bad(url, 'javascript:alert(1)')],
  }),
  ...rows('claims_invalid', 'strictness', {
    identifierUndefined: ['whose user id is the text `undefined`', bad(identity, 'undefined')],
    emailInvalid: ['whose e-mail address has no `@`', bad(email, 'ada.example.com')],
    unknownMember: ['with a member that the scheme does not have', unknownMember],
    audienceList: ['whose audience is a list', bad(audience, ['other'])],
    identifierObjectText: ['whose user id is `[object Object]`', bad(identity, '[object Object]')],
    identifierSpace: ['whose user id ends with a space', bad(identity, 'u_1 ', `${ADA} `)],
    identifierControl: ['whose user id has a line break', bad(identity, 'u_1\r\nx', `${ADA}\r\nx`)],
    identifierTooLong: ['whose user id is too long', bad(identity, ...LONG)],
    identifierList: ['whose user id is a list', bad(identity, ['u_1'])],
    identifierUnsafe: ['whose user id is too large to be exact', bad(identity, 2 ** 53)],
    nonceList: ['whose nonce is a list', bad(nonce, ['n_1'])],
    emailTwice: ['with two e-mail addresses in one', bad(email, `${ADA},eve@example.com`)],
    emailControl: ['whose e-mail address has a line break', bad(email, `${ADA}\r\nx`)],
    emailTooLong: ['whose e-mail address is too long', bad(email, `${'a'.repeat(250)}${ADA}`)],
    nameObject: ['whose name is an object', bad(userField('name'), { first: 'Ada' })],
  }),
}

export function otherCase(text: string): string {
  return text.toLowerCase() === text ? text.toUpperCase() : text.toLowerCase()
}
