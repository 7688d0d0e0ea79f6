import { REJECTIONS, type Portal, type RejectionCode } from '@countersign/core'
import type { Expectation } from './minted'
import { anatomyOf } from './minting/anatomy'
import { CATALOGUE } from './recipes/catalogue'
import { claimDefects } from './recipes/claim'
import { FORMAT_CATALOGUE } from './recipes/format-catalogue'
import { jsonDefects } from './recipes/json'
import { jwtDefects } from './recipes/jwt'
import { messageDefects } from './recipes/message'
import { placeDefects } from './recipes/place'
import type { Defect, DefectGroup, GuardFacts, Recipe, Recipes } from './recipes/recipe'
import { replayDefects } from './recipes/replay'
import { signatureDefects } from './recipes/signature'
import { textDefects } from './recipes/text'
import { timeDefects } from './recipes/time'

/** One way to be wrong, and what a guard must answer to it. */
export interface DefectEntry {
  /** What is wrong, in a sentence. */
  readonly says: string
  /** Where it is wrong. */
  readonly group: DefectGroup
  /** The code on the error, which tells more than the answer does. */
  readonly code: RejectionCode
  /** What must be answered. */
  readonly expect: Expectation
  /**
   * Whether a credential of this portal can be wrong in this way, and its guard must refuse it.
   * @param guard the guard's own options, where it has any
   */
  applies(portal: Portal, guard?: GuardFacts): boolean
}

type RecipesByGroup = { readonly [Group in DefectGroup]: Recipes<Group> }

const recipes: RecipesByGroup = {
  place: placeDefects,
  signature: signatureDefects,
  text: textDefects,
  json: jsonDefects,
  time: timeDefects,
  claim: claimDefects,
  jwt: jwtDefects,
  message: messageDefects,
  replay: replayDefects,
}

type Row = readonly [code: RejectionCode, says: string]
interface Line {
  readonly name: Defect
  readonly entry: DefectEntry
  readonly recipe: Recipe
}

const lines: readonly Line[] = Object.entries({ ...CATALOGUE, ...FORMAT_CATALOGUE }).flatMap(
  ([group, rows]) =>
    Object.entries<Row>(rows).map(([name, row]) => line(group as DefectGroup, name as Defect, row)), // its own keys
)

function line(group: DefectGroup, name: Defect, [code, says]: Row): Line {
  const recipe = (recipes[group] as Readonly<Record<string, Recipe>>)[name] as Recipe // the types of both tables agree
  const { status, publicCode } = REJECTIONS[code]
  const entry: DefectEntry = {
    says,
    group,
    code,
    expect: { status, code: publicCode },
    applies: (portal, guard = {}) =>
      recipe.needs(anatomyOf(portal)) && (recipe.when?.(portal, guard) ?? true),
  }
  return { name, entry: Object.freeze(entry), recipe }
}

/** Every way to be wrong that the kit knows, and what must be answered to it. */
export const DEFECTS: Readonly<Record<Defect, DefectEntry>> = Object.freeze(
  Object.fromEntries(lines.map(({ name, entry }) => [name, entry])) as Record<Defect, DefectEntry>, // a row for each
)

/** How each is made. */
export const RECIPES: Readonly<Record<Defect, Recipe>> = Object.fromEntries(
  lines.map(({ name, recipe }) => [name, recipe]),
) as Record<Defect, Recipe> // a row for each

/**
 * The ways in which a portal's credentials can be wrong, each of which its guard must refuse.
 * @param guard the guard's own options, where it has any
 */
export function defectsFor(portal: Portal, guard: GuardFacts = {}): readonly Defect[] {
  const anatomy = anatomyOf(portal)
  return lines
    .filter(({ recipe }) => recipe.needs(anatomy) && (recipe.when?.(portal, guard) ?? true))
    .map(({ name }) => name)
}
