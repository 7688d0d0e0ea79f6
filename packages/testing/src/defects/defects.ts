import type { Portal } from '@countersign/core'
import { claimsRows, timeRows } from './claims'
import { rows, type DefectEntry, type GuardFacts, type Recipe, type Row } from './defect'
import { formRows } from './form'
import { jwtRows } from './jwt'
import { messageRows, placeRows } from './place'

const replayed: Recipe = {
  needs: ({ scheme: { singleUse } }, { replayStore }) =>
    singleUse?.when === 'always' || (singleUse !== undefined && replayStore !== undefined),
  again: true,
}

const all = {
  ...placeRows,
  ...formRows,
  ...timeRows,
  ...claimsRows,
  ...jwtRows,
  ...messageRows,
  ...rows('token_replayed', 'a way in', { replayed: ['that was used before', replayed] }),
}

/** The name of a way in which a credential can be wrong. */
export type Defect = keyof typeof all

/** Every way in which a credential can be wrong that the kit knows, and how each is made. */
export const ROWS: Readonly<Record<Defect, Row>> = Object.freeze(all)

/** Every way in which a credential can be wrong that the kit knows. */
export const DEFECTS: Readonly<Record<Defect, DefectEntry>> = ROWS

/** What can be wrong with a portal's credentials, and is refused by a guard with these options. */
export function defectsFor(portal: Portal, guard: GuardFacts = {}): readonly Defect[] {
  const names = Object.keys(ROWS) as Defect[] // its own keys
  return names.filter((name) => ROWS[name].applies(portal, guard))
}
