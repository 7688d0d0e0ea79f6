import {
  REJECTIONS,
  type Portal,
  type RejectionCode,
  type VerifierOptions,
} from '@countersign/core'
import type { Material } from '../minting/material'
import type { Expectation, WireRequest } from '../minting/request'

/** What it means that an app accepts a credential, or answers otherwise than it should. */
export type Severity = 'a way in' | 'a broken promise' | 'strictness'

/** The options of a guard that decide what it must refuse: its own options object will do. */
export type GuardFacts = Pick<VerifierOptions, 'bearer' | 'replayStore' | 'nonceRetention'>

/** How a request is made wrong. */
export interface Recipe {
  /** False where the portal's credentials cannot be wrong in this way. */
  needs(portal: Portal): boolean
  /** False where a guard with these options is right to accept it. @default always refused */
  when?(portal: Portal, guard: GuardFacts): boolean
  make(material: Material): WireRequest
  /** Sent before it, and let in. */
  before?(material: Material): WireRequest
}

/** One way in which a credential can be wrong. */
export interface Row {
  /** What follows "a credential" or, for a place, "a request". */
  readonly says: string
  /** The code on the error, which is finer than the code of the answer. */
  readonly code: RejectionCode
  /** What it means that an app accepts it. */
  readonly severity: Severity
  readonly recipe: Recipe
}

/** Defects with one code that mean the same where an app accepts them. */
export function rows<Names extends string>(
  code: RejectionCode,
  severity: Severity,
  table: Readonly<Record<Names, readonly [says: string, recipe: Recipe]>>,
): Readonly<Record<Names, Row>> {
  const all = Object.entries<readonly [string, Recipe]>(table).map(
    ([name, [says, recipe]]) => [name, { says, code, severity, recipe }] as const,
  )
  return Object.fromEntries(all) as Record<Names, Row> // a row for each name
}

/** The answer that a rejection with this code gets. */
export function dueFor(code: RejectionCode): Expectation {
  const { status, publicCode } = REJECTIONS[code]
  return { status, code: publicCode }
}
