import type { Portal, RejectionCode } from '@countersign/core'
import type { Expectation } from '../minting/request'
import { claimsRows } from './claims'
import { dueFor, rows, type GuardFacts, type Recipe, type Row, type Severity } from './defect'
import { jsonRows } from './json'
import { jwtRows } from './jwt'
import { messageRows } from './message'
import { placeRows } from './place'
import { signatureRows } from './signature'
import { textRows } from './text'
import { timeRows } from './time'

const replay: Recipe = {
  needs: ({ scheme }) => scheme.singleUse !== undefined,
  when: ({ scheme }, { replayStore }) =>
    scheme.singleUse?.when === 'always' || replayStore !== undefined,
  before: ({ valid, place }) => place(valid),
  make: ({ valid, place }) => place(valid),
}

const groups = {
  place: placeRows,
  signature: signatureRows,
  text: textRows,
  json: jsonRows,
  time: timeRows,
  claim: claimsRows,
  jwt: jwtRows,
  message: messageRows,
  replay: rows('token_replayed', 'a way in', { replayed: ['that was used before', replay] }),
}

/** Sent in a run that is not `thorough`: a few for each stage of verification, each carrier and code. */
const COMMON: ReadonlySet<string> = new Set(
  (
    'missing emptyParameter duplicateParameter bracketedParameter duplicateHeader twoCarriers ' +
    'emptyBearer brokenPercent plusAsSpace overLong missingTenantHeader missingSignatureHeader ' +
    'duplicateSignatureHeader wrongSecret emptySecret tampered otherUser tamperedSignatureEnd ' +
    'zeroSignature otherSigningInput truncatedSignature missingSignature paddedSignature ' +
    'signatureSpareBits lookAlikeSignature otherTenant bodyChanged bodyReserialised movedBoundary ' +
    'malformedTenant garbledReply bodyTooLarge compressedBody payloadSpace notJson duplicateMember ' +
    'bom invalidUtf8 algNone jwk algNoneSigned algConfusion crit expired notYetValid notBeforeAhead ' +
    'lifetimeTooLong millisecondsForSeconds missingExpiry undated expiryBeforeIssue wrongAudience ' +
    'missingAudience missingNonce missingIdentifier identifierUndefined emailInvalid unknownMember ' +
    'timestampMember replayed'
  ).split(' '),
)

/** The part of a credential that is wrong. */
export type DefectGroup = keyof typeof groups

type NamesOf<Group extends DefectGroup> = Group extends DefectGroup
  ? keyof (typeof groups)[Group]
  : never

/** The name of a way in which a credential can be wrong. */
export type Defect = NamesOf<DefectGroup>

/** One way in which a credential can be wrong, and how a guard must answer. */
export interface DefectEntry {
  /** What is wrong: "a credential that has expired". */
  readonly says: string
  readonly group: DefectGroup
  /** The code on the error, which is finer than the code of the answer. */
  readonly code: RejectionCode
  /** What it means that an app accepts it. */
  readonly severity: Severity
  /** Whether it is part of a run that is not `thorough`: a few for each stage, carrier and code. */
  readonly isCommon: boolean
  /** The answer that it must get. */
  readonly expect: Expectation
  /**
   * Whether a credential of this portal can be wrong in this way, and its guard must refuse it.
   * @param guard the guard's own options, where it has any
   */
  applies(portal: Portal, guard?: GuardFacts): boolean
}

const lines = Object.entries(groups).flatMap(([group, table]) =>
  Object.entries<Row>(table).map(([name, { recipe, says, ...rest }]) => {
    const entry: DefectEntry = {
      ...rest,
      isCommon: COMMON.has(name),
      says: `${group === 'place' ? 'a request' : 'a credential'} ${says}`,
      group: group as DefectGroup, // its own keys
      expect: dueFor(rest.code),
      applies: (portal, guard = {}) =>
        recipe.needs(portal) && (recipe.when?.(portal, guard) ?? true),
    }
    return { name: name as Defect, entry: Object.freeze(entry), recipe } // its own keys
  }),
)

/** Every way in which a credential can be wrong that the kit knows. */
export const DEFECTS: Readonly<Record<Defect, DefectEntry>> = Object.freeze(
  Object.fromEntries(lines.map(({ name, entry }) => [name, entry])) as Record<Defect, DefectEntry>, // a line for each
)

/** How each is made. */
export const RECIPES: Readonly<Record<Defect, Recipe>> = Object.fromEntries(
  lines.map(({ name, recipe }) => [name, recipe]),
) as Record<Defect, Recipe> // a line for each

/**
 * The ways in which a portal's credentials can be wrong and its guard must refuse them.
 * @param guard the guard's own options, where it has any
 */
export function defectsFor(portal: Portal, guard: GuardFacts = {}): readonly Defect[] {
  return lines.filter(({ entry }) => entry.applies(portal, guard)).map(({ name }) => name)
}
