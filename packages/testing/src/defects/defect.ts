import {
  isRejection,
  REJECTIONS,
  type Field,
  type JsonObject,
  type Portal,
  type RejectionCode,
  type VerifierOptions,
} from '@countersign/core'
import { canForge, type Change } from '../minting/forge'
import { isKnown } from '../minting/format'
import type { Expectation } from '../minting/request'

/** What it means that an app accepts a credential, or answers otherwise than it should. */
export type Severity = 'a way in' | 'a broken promise' | 'strictness'

/** The options of a guard that decide what it must refuse: its own options object will do. */
export type GuardFacts = Pick<VerifierOptions, 'bearer' | 'replayStore' | 'nonceRetention'>

/** How a request is made wrong. */
export interface Recipe extends Change {
  /** False where a credential cannot be wrong in this way, or the guard is right to accept it. */
  needs?(portal: Portal, guard: GuardFacts): boolean
  /** The same request was sent before, and let in. */
  readonly again?: true
}

/** One way in which a credential can be wrong, and how a guard must answer. */
export interface DefectEntry {
  /** What is wrong: "a credential that has expired". */
  readonly says: string
  /** The code on the error, which is finer than the code of the answer. */
  readonly code: RejectionCode
  /** What it means that an app accepts it. */
  readonly severity: Severity
  /** Whether it is part of a run that is not `thorough`: a few for each stage, carrier and code. */
  readonly isCommon: boolean
  /** The answer that it must get. */
  readonly expect: Expectation
  /** Whether a credential of this portal can be wrong in this way, and its guard must refuse it. */
  applies(portal: Portal, guard?: GuardFacts): boolean
}

/** A defect, and how it is made. */
export interface Row extends DefectEntry {
  readonly recipe: Recipe
}

type Cells = readonly [says: string, recipe: Recipe, rare?: 'rare']

/**
 * Defects of one code and severity: each by what follows "a credential", or by a whole phrase. A rare one
 * is what a guard of ours cannot get wrong, and others do.
 */
export function rows<Names extends string>(
  code: RejectionCode,
  severity: Severity,
  table: Readonly<Record<Names, Cells>>,
): Readonly<Record<Names, Row>> {
  const all = Object.entries<Cells>(table).map(([name, [says, recipe, rare]]) => {
    const row: Row = {
      says: says.startsWith('a ') ? says : `a credential ${says}`,
      code,
      severity,
      isCommon: rare === undefined,
      expect: dueFor(code),
      applies: (portal, guard = {}) =>
        canForge(portal, recipe) && recipe.needs?.(portal, guard) !== false,
      recipe,
    }
    return [name, Object.freeze(row)] as const
  })
  return Object.fromEntries(all) as Record<Names, Row> // a row for each name
}

/** The answer that a rejection with this code gets. */
export function dueFor(code: RejectionCode): Expectation {
  const { status, publicCode } = REJECTIONS[code]
  return { status, code: publicCode }
}

/** A field of a claims table, whatever its type. */
export type AnyField = Field<unknown, never>

/** The field of a portal that a defect is about; `undefined` where it has none. */
export type FieldOf = (portal: Portal) => AnyField | undefined

/** The claims about the credential itself. */
export type Registered = 'issuedAt' | 'notBefore' | 'expiresAt' | 'audience' | 'nonce'

export const registered =
  (name: Registered): FieldOf =>
  ({ scheme }) =>
    scheme.claims[name] as AnyField | undefined // their types differ, their shape does not

/** The field of a property of the user, where the scheme has a claim for it. */
export const userField =
  (name: string): FieldOf =>
  ({ scheme }) => {
    const field = (scheme.claims.user as Readonly<Record<string, AnyField>>)[name]
    return field?.claim === '' ? undefined : field
  }

/** The field that decides when a credential ends: its expiry, or its time of issue. */
export const endField: FieldOf = ({ scheme: { claims } }) =>
  (claims.expiresAt ?? claims.issuedAt) as AnyField | undefined // likewise

/** The claims with another value for one; without it for `undefined`. */
export function withClaim(claims: JsonObject, field: AnyField | undefined, value: unknown) {
  const { [field?.claim ?? '']: _, ...others } = claims
  return value === undefined ? others : { ...claims, [field?.claim ?? '']: value }
}

/** True where a scheme has the field, and the field refuses the value. */
export function refuses(field: AnyField | undefined, value: unknown): boolean {
  try {
    field?.read(value)
    return false
  } catch (error) {
    return isRejection(error) && error.code === 'claims_invalid'
  }
}

/** One claim has a value that its field refuses; no value for `undefined`. */
export function bad(fieldOf: FieldOf, value: unknown): Recipe {
  const isPlain = typeof value === 'string' && value !== '' // any codec writes it
  return {
    needs: (portal) => refuses(fieldOf(portal), value) && (isPlain || isKnown(portal)),
    claims: (claims, { portal }) => withClaim(claims, fieldOf(portal), value),
  }
}
