import type { CauseId } from '../../src'
import type { Defect } from '@countersign/testing'
import type { Name } from './portals'

/** The cause of every defect of the kit. */
const BY_CAUSE: Partial<Readonly<Record<CauseId, readonly Defect[]>>> = {
  missing: ['missing'],
  'parameter-empty': ['emptyParameter'],
  'parameter-name': ['upperCaseParameter'],
  'parameter-repeated': ['duplicateParameter'],
  'parameter-list': ['bracketedParameter', 'bracketedBeside'],
  'in-several-places': ['twoCarriers'],
  'bearer-malformed': ['emptyBearer'],
  'percent-encoded-twice': ['percentEncodedTwice'],
  'percent-encoding-broken': ['brokenPercent'],
  'plus-became-space': ['plusAsSpace'],
  'white-space': ['leadingSpace', 'trailingLineBreak', 'payloadSpace'],
  'line-breaks': ['payloadLineBreak'],
  'nul-character': ['trailingNul'],
  'too-long': ['overLong'],
  'header-missing': ['missingTenantHeader', 'missingTimestampHeader', 'missingSignatureHeader'],
  'header-repeated': ['bearerTwice', 'duplicateHeader', 'duplicateSignatureHeader'],
  'tenant-other': ['otherTenant', 'otherTenantCase'],
  'tenant-spelling': ['malformedTenant'],
  'reply-malformed': ['garbledReply', 'replyMember'],
  'body-too-large': ['bodyTooLarge'],
  'body-compressed': ['compressedBody'],
  'body-charset': ['foreignCharset'],
  'used-before': ['replayed'],

  'signature-unmatched': ['wrongSecret', 'tampered', 'otherUser'],
  'secret-missing': ['emptySecret'],
  'signature-damaged': ['tamperedSignature', 'tamperedSignatureEnd'],
  'signature-placeholder': ['zeroSignature'],
  'mac-hash': ['otherHash'],
  'signed-json': ['otherSigningInput'],
  'signature-cut': ['truncatedSignature'],
  'signature-extra': ['extendedSignature', 'paddedSignature'],
  'signature-upper-case': ['upperCaseSignature'],
  'signature-last-character': ['signatureSpareBits'],
  'signature-encoding': ['signatureAlphabet', 'signatureEncoding'],
  'look-alike-characters': ['lookAlikeSignature'],
  'signature-missing': ['missingSignature'],
  'body-changed': ['bodyChanged'],
  'signed-other-json': ['bodyReserialised'],
  'replacement-character': ['bodyReplaced'],
  'boundary-moved': ['movedBoundary'],

  'payload-empty': ['emptyPayload'],
  'extra-segment': ['extraSegment'],
  'segments-swapped': ['swappedSegments'],
  'payload-encoding': ['paddedPayload'],
  'payload-last-character': ['payloadSpareBits'],
  'jwt-unsigned': ['algNone'],
  'jwt-algorithm': [
    'algNoneSigned',
    'algNoneMixedCase',
    'algConfusion',
    'algEs256',
    'algHs512',
    'algLowerCase',
    'algMissing',
  ],
  'jwt-header-member': ['crit', 'b64', 'jwk', 'jku', 'headerMember'],
  'jwt-type': ['typWrong'],
  'jwt-key-id': ['kidNumber'],
  'jwt-header': ['duplicateAlg', 'headerTooLong'],
  'jwt-header-missing': ['missingHeader'],
  'jwt-json': ['jsonSerialization'],

  'json-invalid': ['notJson'],
  'json-not-object': ['arrayPayload', 'nullPayload'],
  'json-trailing': ['trailingGarbage'],
  'json-comma': ['trailingComma'],
  'json-single-quotes': ['singleQuotes'],
  'json-comment': ['comment'],
  'json-number': ['notANumber'],
  'json-repeated-member': ['duplicateMember', 'escapedDuplicateMember', 'nestedDuplicateMember'],
  'json-prototype': ['protoMember', 'nestedProtoMember'],
  'json-surrogate': ['loneSurrogate'],
  'json-byte-order-mark': ['bom'],
  'json-not-utf8': ['invalidUtf8'],
  'json-utf16': ['utf16'],
  'json-too-deep': ['tooDeep'],
  'json-too-many-members': ['tooManyMembers'],
  'json-form': ['formBody'],
  'body-empty': ['emptyBody'],

  expired: ['expired'],
  'issued-in-future': ['notYetValid'],
  'not-before-in-future': ['notBeforeAhead'],
  'lifetime-too-long': ['lifetimeTooLong', 'backdated'],
  'expires-before-issue': ['expiryBeforeIssue', 'expiryAtIssue'],
  'time-unit': ['millisecondsForSeconds', 'secondsForMilliseconds'],
  'time-type': [
    'expiryNull',
    'expiryAsText',
    'expiryNegative',
    'expiryInfinite',
    'issueTimeAsText',
    'notBeforeAsText',
  ],
  'time-format': ['timestampSign', 'timestampFraction', 'timestampWord', 'timestampTooLong'],
  'never-expires': ['undated'],

  'claim-missing': [
    'missingExpiry',
    'missingIssueTime',
    'missingIdentifier',
    'missingNonce',
    'missingAudience',
  ],
  'claim-empty': ['identifierNull', 'identifierEmpty', 'nonceEmpty', 'nonceNull', 'audienceNull'],
  'claim-placeholder': ['identifierUndefined', 'identifierObjectText'],
  'claim-white-space': ['identifierSpace'],
  'claim-control-character': ['identifierControl', 'emailControl'],
  'claim-too-long': ['identifierTooLong', 'emailTooLong'],
  'claim-type': ['identifierList', 'nonceList', 'nameObject', 'audienceList'],
  'claim-number-inexact': ['identifierUnsafe'],
  'claim-email': ['emailInvalid', 'emailTwice'],
  'claim-url': ['scriptUrl'],
  'claim-unknown': ['unknownMember'],
  'claim-beside': ['timestampMember'],
  'audience-other': ['wrongAudience'],
  'audience-spelling': ['audienceCase'],
}

/** Where the format decides what a defect is. */
const BY_PORTAL: Readonly<Record<Name, Partial<Readonly<Record<Defect, CauseId>>>>> = {
  featkit: {},
  seggwat: { otherSigningInput: 'signed-text', paddedSignature: 'signature-encoding' },
  'seggwat-jwt': { paddedSignature: 'signature-encoding' },
  harlyy: { paddedSignature: 'signature-encoding' },
  fdback: {
    otherSigningInput: 'signed-part',
    brokenPercent: 'reply-malformed',
    identifierSpace: 'claim-email',
    identifierUnsafe: 'claim-type',
  },
}

/** Defects that are two mistakes, and the second one. */
const SECOND: Partial<Readonly<Record<Defect, CauseId>>> = {
  expiryAsText: 'expired',
  jwk: 'signature-unmatched',
  movedBoundary: 'claim-unknown',
  bodyReplaced: 'claim-unknown',
}

/** These add a member to the JSON, which harlyy and fdback refuse for its name, too. */
const WITH_UNKNOWN_MEMBER: readonly Defect[] = [
  'notANumber',
  'nestedDuplicateMember',
  'nestedProtoMember',
  'loneSurrogate',
  'invalidUtf8',
  'tooDeep',
]

/** The causes that an explanation of this defect must have; `undefined` for an unknown defect. */
export function expectedCauses(portal: Name, defect: Defect): readonly CauseId[] | undefined {
  const usual = Object.entries(BY_CAUSE).find(([, defects]) => defects.includes(defect))?.[0]
  const cause = BY_PORTAL[portal][defect] ?? (usual as CauseId | undefined) // its own names
  if (cause === undefined) return undefined
  const isStrict = portal === 'harlyy' || portal === 'fdback'
  const unknown = isStrict && WITH_UNKNOWN_MEMBER.includes(defect) ? 'claim-unknown' : undefined
  return [cause, SECOND[defect] ?? unknown].filter((each) => each !== undefined)
}
