import { ConfigError, type InputOf, type Portal } from '@countersign/core'
import { DEFECTS, RECIPES } from './defects'
import type { Expectation, Minted } from './minted'
import { anatomyOf } from './minting/anatomy'
import { openBench, type BenchOptions } from './minting/bench'
import type { Defect } from './recipes/recipe'

/** How a credential is minted: right, or wrong in one named way. */
export interface MintOptions extends BenchOptions {
  /** What is wrong with it. @default nothing */
  readonly defect?: Defect | undefined
}

/** What must be answered to a right one: anything but a refusal. */
const ADMITTED: Expectation = { status: 200, code: null }

/**
 * Signs a user for a portal, as it must be or wrong in one named way, with the portal's own secret.
 *
 * Rejects with a `Rejection` for a user that cannot be signed, and with a `ConfigError` for options
 * that cannot work or a defect that this portal's credentials cannot have.
 */
export async function mint<P extends Portal>(
  portal: P,
  user: InputOf<P>,
  options: MintOptions = {},
): Promise<Minted> {
  const { defect, ...how } = options
  if (defect !== undefined) assertFits(portal, defect, options)
  const bench = await openBench(portal, user, how)
  if (defect === undefined) {
    return { request: bench.place(bench.good), before: [], expect: ADMITTED }
  }
  const recipe = RECIPES[defect]
  const before = recipe.before ? [await recipe.before(bench)] : []
  return { request: await recipe.how(bench), before, expect: DEFECTS[defect].expect }
}

/** @throws ConfigError for a defect that does not exist, or that this portal cannot have */
function assertFits(portal: Portal, defect: Defect, { tenant }: MintOptions): void {
  if (!Object.hasOwn(RECIPES, defect)) {
    throw new ConfigError('option_invalid', {
      problem: 'There is no defect of that name',
      fix: 'Take one of `defectsFor(portal)`',
    })
  }
  const anatomy = anatomyOf({ ...portal, audience: tenant ?? portal.audience })
  if (RECIPES[defect].needs(anatomy)) return
  throw new ConfigError('option_invalid', {
    problem: `A credential of ${portal.scheme.name} cannot have the defect "${defect}"`,
    fix: 'Take one of `defectsFor(portal)`',
  })
}
