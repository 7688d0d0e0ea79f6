import type { Awaitable, Portal, VerifierOptions } from '@countersign/core'
import type { WireRequest } from '../minted'
import type { Anatomy } from '../minting/anatomy'
import type { Bench } from '../minting/bench'
import type { CATALOGUE } from './catalogue'
import type { FORMAT_CATALOGUE } from './format-catalogue'

type Tables = typeof CATALOGUE & typeof FORMAT_CATALOGUE

/** Where a defect sits. */
export type DefectGroup = keyof Tables

type NamesOf<Group extends DefectGroup> = Group extends DefectGroup
  ? keyof Tables[Group] & string
  : never

/** The name of a way to be wrong. */
export type Defect = NamesOf<DefectGroup>

/** The options of the guard that decide what it must refuse: its own options object will do. */
export type GuardFacts = Pick<VerifierOptions, 'bearer' | 'replayStore' | 'nonceRetention'>

/** How a request is made wrong. */
export type How = (bench: Bench) => Awaitable<WireRequest>

export interface Recipe {
  /** False where the portal's credentials cannot be wrong in this way. */
  needs(anatomy: Anatomy): boolean
  /** False where a guard with these options is right to accept it. @default always refused */
  when?(portal: Portal, guard: GuardFacts): boolean
  readonly how: How
  /** What is sent before, and gets through. */
  readonly before?: How
}

export type Recipes<Group extends DefectGroup> = Readonly<Record<NamesOf<Group>, Recipe>>
