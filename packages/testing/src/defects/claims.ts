import type { Portal } from '@countersign/core'
import { isKnown } from '../minting/format'
import { rows, type Recipe } from './defect'
import {
  bad,
  claimNames,
  refuses,
  registered,
  userField,
  userFields,
  withClaim,
  type FieldOf,
} from './fields'
import { otherCase } from './pieces'

const identity = userField('id')
const email = userField('email')
const name = userField('name')
const nonce = registered('nonce')
const audience = registered('audience')
/** A field that takes URLs and no other text. */
const url: FieldOf = (portal) =>
  userFields(portal).find(
    (field) => !refuses(field, 'https://example.com/a.png') && refuses(field, 'example.com'),
  )

const ADA = 'ada@example.com'
/** Longer than one or the other kind of text may be. */
const LONG = [256, 1_025, 2_049].map((length) => 'x'.repeat(length))

/** For another audience, whose name is valid as a name. */
const meantFor = (write: (own: string) => string): Recipe => ({
  needs: (portal) => audience(portal) !== undefined && !refuses(audience(portal), 'other'),
  make: ({ claims, portal, sign, place }) =>
    place(sign(withClaim(claims, audience(portal)?.claim ?? '', write(portal.audience ?? '')))),
})

const inOtherCase: Recipe = {
  ...meantFor(otherCase),
  needs: (portal) => meantFor(otherCase).needs(portal) && /[a-z]/i.test(portal.audience ?? ''),
}

const unknownMember: Recipe = {
  needs: (portal) => isKnown(portal) && portal.scheme.claims.unknown === 'refuse',
  make: ({ claims, portal, sign, place }) =>
    place(sign({ ...claims, [unknownName(portal)]: true })),
}

export const claimsRows = {
  ...rows('audience_mismatch', 'a way in', {
    wrongAudience: ['for another audience', meantFor((own) => `${own}-other`)],
    audiencePrefix: ['for a name without its last letter', meantFor((own) => own.slice(0, -1))],
    audienceCase: ['for an audience in another case', inOtherCase],
    audienceSpace: ['for an audience with a space after it', meantFor((own) => `${own} `)],
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
    identifierEmpty: ['whose user id is empty', bad(identity, '')],
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
    identifierObject: ['whose user id is an object', bad(identity, { id: 'u_1' })],
    identifierBoolean: ['whose user id is `true`', bad(identity, true)],
    identifierFraction: ['whose user id is a fraction', bad(identity, 1.5)],
    identifierUnsafe: ['whose user id is too large to be exact', bad(identity, 2 ** 53)],
    nonceNumber: ['whose nonce is a number', bad(nonce, 1)],
    nonceList: ['whose nonce is a list', bad(nonce, ['n_1'])],
    nonceControl: ['whose nonce contains a line break', bad(nonce, 'n_1\r\nx')],
    nonceTooLong: ['whose nonce is too long', bad(nonce, ...LONG)],
    emailTwice: ['with two e-mail addresses in one', bad(email, `${ADA},eve@example.com`)],
    emailControl: ['whose e-mail address has a line break', bad(email, `${ADA}\r\nx`)],
    emailNumber: ['whose e-mail address is a number', bad(email, 42)],
    emailTooLong: ['whose e-mail address is too long', bad(email, `${'a'.repeat(250)}${ADA}`)],
    nameObject: ['whose name is an object', bad(name, { first: 'Ada' })],
    nameControl: ['whose name contains a line break', bad(name, 'Ada\r\nx')],
    nameTooLong: ['whose name is too long', bad(name, ...LONG)],
  }),
}

function unknownName(portal: Portal): string {
  const known = claimNames(portal)
  return ['is_admin', 'is_owner', 'is_staff'].find((each) => !known.includes(each)) ?? 'x'
}
