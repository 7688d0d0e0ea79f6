import { DEFECTS, type Defect, type DefectGroup } from '@countersign/testing'
import type { SampleName } from '../support/mint-portals'

/** Names with white space between them. @throws Error for one that is none */
export function named(text: string): readonly Defect[] {
  return text
    .trim()
    .split(/\s+/)
    .map((name) => {
      if (Object.hasOwn(DEFECTS, name)) return name as Defect // for the table has it
      throw new Error(`There is no defect "${name}"`)
    })
}

/** What the credentials of a portal cannot have: whole groups, and single defects. */
export interface Inapplicable {
  readonly groups: readonly DefectGroup[]
  readonly defects: readonly Defect[]
}

const NONCE = `missingNonce nonceEmpty nonceNull nonceNumber nonceList nonceControl nonceTooLong`
const AUDIENCE = `wrongAudience audiencePrefix audienceCase audienceSpace missingAudience
  audienceNull audienceList`
const IDENTIFIER = `missingIdentifier identifierNull identifierEmpty identifierNobody
  identifierObjectText identifierSpace identifierControl identifierTooLong identifierList
  identifierObject identifierBoolean identifierFraction identifierUnsafe`
const PERSON = `emailInvalid emailTwice emailControl emailNumber emailTooLong nameObject nameControl
  nameTooLong`
const EXPIRY = `missingExpiry expiryNull expiryAsText expiryBoolean expiryNegative expiryInfinite
  lifetimeTooLong undated millisecondsForSeconds`
const ISSUE = `missingIssueTime issueTimeAsText issueTimeNegative issueTimeInMilliseconds`
const BOTH = `backdated expiryBeforeIssue expiryAtIssue`
const NOT_BEFORE = `notBeforeAhead notBeforeAsText`
const SINGLE_USE = `undated replayed`
const MILLISECONDS = `secondsForMilliseconds`

export const INAPPLICABLE: Readonly<Partial<Record<SampleName, Inapplicable>>> = {
  FeatKit: {
    groups: ['jwt', 'message'],
    defects: named(`plusAsSpace duplicateHeader signatureSpareBits signatureAlphabet scriptUrl
      unknownMember ${MILLISECONDS} ${NONCE} ${AUDIENCE} ${NOT_BEFORE} ${SINGLE_USE}`),
  },
  SeggWat: {
    groups: ['jwt', 'message'],
    defects: named(`plusAsSpace duplicateHeader upperCaseSignature scriptUrl unknownMember
      ${MILLISECONDS} ${NONCE} ${NOT_BEFORE} ${SINGLE_USE}`),
  },
  'SeggWat JWT': {
    groups: ['message'],
    defects: named(`plusAsSpace duplicateHeader upperCaseSignature scriptUrl unknownMember
      ${MILLISECONDS} ${NONCE} ${SINGLE_USE}`),
  },
  Harlyy: {
    groups: ['jwt', 'message'],
    defects: named(`duplicateHeader upperCaseSignature notYetValid scriptUrl missingExpiry
      millisecondsForSeconds ${IDENTIFIER} ${PERSON} ${AUDIENCE} ${ISSUE} ${BOTH} ${NOT_BEFORE}`),
  },
  fdback: {
    groups: ['text', 'jwt'],
    defects: named(`bearerTwice emptyBearer brokenBearer duplicateHeader plusAsSpace leadingSpace
      trailingLineBreak trailingNul overLong signatureSpareBits signatureAlphabet
      lookAlikeSignature missingSignature emptySignature
      ${EXPIRY} ${ISSUE} ${BOTH} ${NOT_BEFORE} ${NONCE} ${AUDIENCE}`),
  },
}
