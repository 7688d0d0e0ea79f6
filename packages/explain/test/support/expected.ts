import type { CauseId } from '../../src'
import type { Defect } from '@countersign/testing'
import type { Name } from './portals'

/** The cause of every defect of the kit. */
const BY_CAUSE: Partial<Readonly<Record<CauseId, readonly Defect[]>>> = {
  missing: ['missing'],
  'part-empty': ['emptyParameter'],
  repeated: ['duplicateParameter', 'duplicateHeader'],
  'part-list': ['bracketedParameter'],
  'in-several-places': ['twoCarriers'],
  'bearer-malformed': ['emptyBearer'],
  'percent-encoding-broken': ['brokenPercent'],
  'plus-became-space': ['plusAsSpace'],
  'white-space': ['payloadSpace'],
  'too-long': ['overLong', 'bodyTooLarge'],
  'part-missing': ['missingTenantHeader', 'missingTimestampHeader', 'missingSignatureHeader'],
  'tenant-other': ['otherTenant'],
  'tenant-spelling': ['malformedTenant'],
  'reply-malformed': ['garbledReply'],
  'body-compressed': ['compressedBody'],
  'used-before': ['replayed'],

  'signature-unmatched': ['wrongSecret', 'tampered', 'otherUser'],
  'secret-missing': ['emptySecret'],
  'signature-damaged': [
    'tamperedSignatureEnd',
    'truncatedSignature',
    'extendedSignature',
    'paddedSignature',
    'signatureSpareBits',
  ],
  'signature-placeholder': ['zeroSignature'],
  'signed-other': ['otherSigningInput'],
  'signature-encoding': ['upperCaseSignature'],
  'look-alike-characters': ['lookAlikeSignature'],
  'signature-missing': ['missingSignature'],
  'body-changed': ['bodyChanged'],
  'signed-other-json': ['bodyReserialised'],
  'boundary-moved': ['movedBoundary'],

  'extra-segment': ['extraSegment'],
  'jwt-algorithm': ['algNone', 'algNoneSigned', 'algNoneMixedCase', 'algConfusion', 'algHs512'],
  'jwt-header': ['crit', 'jwk'],

  'json-invalid': ['notJson', 'arrayPayload', 'nullPayload'],
  'json-forbidden': ['duplicateMember', 'protoMember'],
  'json-encoding': ['bom', 'invalidUtf8'],

  expired: ['expired'],
  'issued-in-future': ['notYetValid'],
  'not-before-in-future': ['notBeforeAhead'],
  'lifetime-too-long': ['lifetimeTooLong'],
  'expires-before-issue': ['expiryBeforeIssue'],
  'time-unit': ['millisecondsForSeconds', 'secondsForMilliseconds'],
  'time-value': ['expiryAsText', 'expiryInfinite'],
  'never-expires': ['undated'],

  'claim-missing': [
    'missingExpiry',
    'missingIssueTime',
    'missingIdentifier',
    'missingNonce',
    'missingAudience',
  ],
  'claim-value': [
    'identifierEmpty',
    'nonceEmpty',
    'identifierUndefined',
    'identifierControl',
    'identifierList',
    'audienceList',
    'identifierUnsafe',
    'emailInvalid',
    'scriptUrl',
  ],
  'claim-unknown': ['unknownMember'],
  'claim-beside': ['timestampMember'],
  'audience-other': ['wrongAudience'],
}

/** Where the format decides what a defect is. */
const BY_PORTAL: Readonly<Record<Name, Partial<Readonly<Record<Defect, CauseId>>>>> = {
  featkit: {},
  seggwat: { paddedSignature: 'signature-encoding' },
  'seggwat-jwt': { paddedSignature: 'signature-encoding' },
  harlyy: { paddedSignature: 'signature-encoding' },
  fdback: { brokenPercent: 'reply-malformed' },
}

/** Defects that are two mistakes, and the second one. */
const SECOND: Partial<Readonly<Record<Defect, CauseId>>> = {
  expiryAsText: 'expired',
  jwk: 'signature-unmatched',
  movedBoundary: 'claim-unknown',
}

/** The causes that an explanation of this defect must have; `undefined` for an unknown defect. */
export function expectedCauses(portal: Name, defect: Defect): readonly CauseId[] | undefined {
  const usual = Object.entries(BY_CAUSE).find(([, defects]) => defects.includes(defect))?.[0]
  const cause = BY_PORTAL[portal][defect] ?? (usual as CauseId | undefined) // its own names
  if (cause === undefined) return undefined
  const isStrict = portal === 'harlyy' || portal === 'fdback' // about members that they do not know
  const unknown = isStrict && defect === 'invalidUtf8' ? 'claim-unknown' : undefined
  return [cause, SECOND[defect] ?? unknown].filter((each) => each !== undefined)
}
