import type { Portal } from '@countersign/core'
import type { Anatomy } from '../minting/anatomy'
import { badValue, refuses } from './claim-recipe'
import {
  claimNames,
  identityField,
  registeredField,
  userField,
  userFields,
  withClaim,
  type AnyField,
} from './claims-of'
import { isKnown } from './craft'
import type { Recipe, Recipes } from './recipe'

type FieldOf = (anatomy: Anatomy) => AnyField | undefined

const identity: FieldOf = ({ portal }) => identityField(portal)
const nonce: FieldOf = ({ portal }) => registeredField(portal, 'nonce')
const audience: FieldOf = ({ portal }) => registeredField(portal, 'audience')
const email: FieldOf = ({ portal }) => userField(portal, 'email')
const name: FieldOf = ({ portal }) => userField(portal, 'name')

/** Longer than one or the other kind of text may be. */
const LONG = [256, 1_025, 2_049].map((length) => 'x'.repeat(length))

/** Meant for a name that is not the portal's, though nothing is wrong with it as a name. */
const meantFor = (write: (own: string) => string): Recipe => ({
  needs: (anatomy) => audience(anatomy) !== undefined && !refuses(audience(anatomy), 'other'),
  how({ anatomy, claims, portal, sign, place }) {
    const other = write(portal.audience ?? '')
    return place(sign(withClaim(claims, audience(anatomy)?.claim ?? '', other)))
  },
})

export const claimDefects: Recipes<'claim'> = {
  missingIdentifier: badValue(identity, undefined),
  identifierNull: badValue(identity, null),
  identifierEmpty: badValue(identity, ''),
  identifierNobody: badValue(identity, 'undefined'),
  identifierObjectText: badValue(identity, '[object Object]'),
  identifierSpace: badValue(identity, 'u_1 ', 'ada@example.com '),
  identifierControl: badValue(identity, 'u_1\r\nx', 'ada@example.com\r\nx'),
  identifierTooLong: badValue(identity, ...LONG),
  identifierList: badValue(identity, ['u_1']),
  identifierObject: badValue(identity, { id: 'u_1' }),
  identifierBoolean: badValue(identity, true),
  identifierFraction: badValue(identity, 1.5),
  identifierUnsafe: badValue(identity, 2 ** 53),
  missingNonce: badValue(nonce, undefined),
  nonceEmpty: badValue(nonce, ''),
  nonceNull: badValue(nonce, null),
  nonceNumber: badValue(nonce, 1),
  nonceList: badValue(nonce, ['n_1']),
  nonceControl: badValue(nonce, 'n_1\r\nx'),
  nonceTooLong: badValue(nonce, ...LONG),
  emailInvalid: badValue(email, 'ada.example.com'),
  emailTwice: badValue(email, 'ada@example.com,eve@example.com'),
  emailControl: badValue(email, 'ada@example.com\r\nx'),
  emailNumber: badValue(email, 42),
  emailTooLong: badValue(email, `${'a'.repeat(250)}@example.com`),
  nameObject: badValue(name, { first: 'Ada' }),
  nameControl: badValue(name, 'Ada\r\nx'),
  nameTooLong: badValue(name, ...LONG),
  scriptUrl: badValue(url, 'javascript:alert(1)'),
  unknownMember: {
    needs: (anatomy) => isKnown(anatomy) && anatomy.portal.scheme.claims.unknown === 'refuse',
    how: ({ claims, portal, sign, place }) =>
      place(sign({ ...claims, [unknownName(portal)]: true })),
  },
  wrongAudience: meantFor((own) => `${own}-other`),
  audiencePrefix: meantFor((own) => own.slice(0, -1)),
  audienceCase: {
    ...meantFor(otherCase),
    needs: (anatomy) =>
      meantFor(otherCase).needs(anatomy) && /[a-z]/i.test(anatomy.portal.audience ?? ''),
  },
  audienceSpace: meantFor((own) => `${own} `),
  missingAudience: badValue(audience, undefined),
  audienceNull: badValue(audience, null),
  audienceList: badValue(audience, ['other']),
}

function unknownName(portal: Portal): string {
  const known = claimNames(portal)
  return ['is_admin', 'is_owner', 'is_staff'].find((name) => !known.includes(name)) ?? 'x'
}

/** A field that takes URLs and no other text. */
function url({ portal }: Anatomy): AnyField | undefined {
  return userFields(portal).find(
    (field) => !refuses(field, 'https://example.com/a.png') && refuses(field, 'example.com'),
  )
}

function otherCase(text: string): string {
  return text.toLowerCase() === text ? text.toUpperCase() : text.toLowerCase()
}
