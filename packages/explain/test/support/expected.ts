import type { CauseId } from '../../src'
import type { Defect } from '@countersign/testing'
import type { Name } from './portals'

/** The cause of every defect of the kit. */
const BY_CAUSE: Partial<Readonly<Record<CauseId, readonly Defect[]>>> = {
  missing: ['missing'],
  'parameter-empty': ['emptyParameter', 'bareParameter'],
  'parameter-name': ['upperCaseParameter'],
  'parameter-repeated': ['duplicateParameter', 'encodedDuplicate'],
  'parameter-list': ['bracketedParameter', 'keyedParameter', 'bracketedBeside'],
  'in-several-places': ['twoCarriers'],
  'bearer-malformed': ['emptyBearer', 'brokenBearer'],
  'percent-encoded-twice': ['percentEncodedTwice'],
  'percent-encoding-broken': ['brokenPercent'],
  'plus-became-space': ['plusAsSpace'],
  'white-space': ['leadingSpace', 'trailingLineBreak', 'payloadSpace'],
  'line-breaks': ['payloadLineBreak'],
  'nul-character': ['trailingNul'],
  'too-long': ['overLong'],
  'header-missing': [
    'missingTenantHeader',
    'missingTimestampHeader',
    'missingSignatureHeader',
    'emptySignatureHeader',
  ],
  'header-repeated': [
    'bearerTwice',
    'duplicateHeader',
    'duplicateSignatureHeader',
    'duplicateTenantHeader',
  ],
  'tenant-other': ['otherTenant', 'otherTenantCase'],
  'tenant-spelling': ['malformedTenant', 'tenantTooLong'],
  'reply-malformed': ['garbledReply', 'replyMember', 'replyHeader'],
  'body-too-large': ['bodyTooLarge'],
  'body-compressed': ['compressedBody'],
  'body-charset': ['foreignCharset'],
  'used-before': ['replayed'],

  'signature-unmatched': ['wrongSecret', 'tampered', 'otherUser'],
  'secret-missing': ['emptySecret', 'kidPath'],
  'signature-damaged': ['tamperedSignature', 'tamperedSignatureEnd'],
  'signature-placeholder': ['zeroSignature'],
  'mac-hash': ['otherHash'],
  'signed-json': ['otherSigningInput'],
  'signature-cut': ['truncatedSignature', 'clippedSignature'],
  'signature-extra': ['extendedSignature', 'paddedSignature'],
  'signature-upper-case': ['upperCaseSignature'],
  'signature-last-character': ['signatureSpareBits'],
  'signature-encoding': ['signatureAlphabet', 'signatureEncoding'],
  'look-alike-characters': ['lookAlikeSignature'],
  'signature-missing': ['missingSignature', 'emptySignature'],
  'body-changed': ['bodyChanged'],
  'signed-other-json': ['bodyReserialised'],
  'replacement-character': ['bodyReplaced'],
  'boundary-moved': ['movedBoundary'],

  'payload-empty': ['emptyPayload', 'detachedPayload'],
  'extra-segment': ['extraSegment'],
  'segments-swapped': ['swappedSegments'],
  'payload-encoding': ['paddedPayload', 'payloadAlphabet'],
  'payload-last-character': ['payloadSpareBits'],
  'jwt-unsigned': ['algNone'],
  'jwt-algorithm': [
    'algNoneSigned',
    'algNoneMixedCase',
    'algConfusion',
    'algEs256',
    'algHs384',
    'algHs512',
    'algLowerCase',
    'algSpace',
    'algList',
    'algMissing',
  ],
  'jwt-header-member': [
    'crit',
    'b64',
    'zip',
    'cty',
    'enc',
    'jwk',
    'jku',
    'x5u',
    'x5c',
    'headerMember',
  ],
  'jwt-type': ['typWrong', 'typNumber'],
  'jwt-key-id': ['kidNumber', 'kidTooLong'],
  'jwt-header': [
    'duplicateAlg',
    'escapedDuplicateAlg',
    'protoHeader',
    'headerBom',
    'headerInvalidUtf8',
    'headerNull',
    'headerTooLong',
    'headerPadded',
    'emptyHeader',
  ],
  'jwt-header-missing': ['missingHeader'],
  'jwt-json': ['jsonSerialization'],

  'json-invalid': ['notJson'],
  'json-not-object': ['arrayPayload', 'textPayload', 'numberPayload', 'nullPayload'],
  'json-trailing': ['trailingGarbage'],
  'json-comma': ['trailingComma'],
  'json-single-quotes': ['singleQuotes'],
  'json-comment': ['comment'],
  'json-number': ['notANumber'],
  'json-repeated-member': ['duplicateMember', 'escapedDuplicateMember', 'nestedDuplicateMember'],
  'json-prototype': ['protoMember', 'nestedProtoMember'],
  'json-surrogate': ['loneSurrogate'],
  'json-byte-order-mark': ['bom'],
  'json-not-utf8': ['invalidUtf8', 'overlongUtf8'],
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
  'time-unit': ['millisecondsForSeconds', 'secondsForMilliseconds', 'issueTimeInMilliseconds'],
  'time-type': [
    'expiryNull',
    'expiryAsText',
    'expiryBoolean',
    'expiryNegative',
    'expiryInfinite',
    'issueTimeAsText',
    'issueTimeNegative',
    'notBeforeAsText',
  ],
  'time-format': [
    'timestampSign',
    'timestampZero',
    'timestampFraction',
    'timestampHex',
    'timestampWord',
    'timestampDate',
    'timestampSpace',
    'timestampTooLong',
  ],
  'never-expires': ['undated'],

  'claim-missing': [
    'missingExpiry',
    'missingIssueTime',
    'missingIdentifier',
    'missingNonce',
    'missingAudience',
  ],
  'claim-empty': ['identifierNull', 'identifierEmpty', 'nonceEmpty', 'nonceNull', 'audienceNull'],
  'claim-placeholder': ['identifierNobody', 'identifierObjectText'],
  'claim-white-space': ['identifierSpace'],
  'claim-control-character': ['identifierControl', 'nonceControl', 'emailControl', 'nameControl'],
  'claim-too-long': ['identifierTooLong', 'nonceTooLong', 'emailTooLong', 'nameTooLong'],
  'claim-type': [
    'identifierList',
    'identifierObject',
    'identifierBoolean',
    'nonceNumber',
    'nonceList',
    'emailNumber',
    'nameObject',
    'audienceList',
  ],
  'claim-number-inexact': ['identifierFraction', 'identifierUnsafe'],
  'claim-email': ['emailInvalid', 'emailTwice'],
  'claim-url': ['scriptUrl'],
  'claim-unknown': ['unknownMember'],
  'claim-beside': ['timestampMember'],
  'audience-other': ['wrongAudience'],
  'audience-spelling': ['audiencePrefix', 'audienceCase', 'audienceSpace'],
}

/** Where the format decides what a defect is. */
const BY_PORTAL: Readonly<Record<Name, Partial<Readonly<Record<Defect, CauseId>>>>> = {
  featkit: {},
  seggwat: { otherSigningInput: 'signed-text', paddedSignature: 'signature-encoding' },
  'seggwat-jwt': { paddedSignature: 'signature-encoding' },
  harlyy: { paddedSignature: 'signature-encoding', clippedSignature: 'signature-encoding' },
  fdback: {
    otherSigningInput: 'signed-part',
    brokenPercent: 'reply-malformed',
    identifierSpace: 'claim-email',
    identifierFraction: 'claim-type',
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
  'overlongUtf8',
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
