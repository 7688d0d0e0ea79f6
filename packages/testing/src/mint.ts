import { memoryReplayStore, type InputOf, type Portal } from '@countersign/core'
import type { Row } from './defects/defect'
import { ROWS, type Defect } from './defects/defects'
import { forge } from './minting/forge'
import { materialFor, type CredentialOptions } from './minting/material'
import { mistake } from './mistake'
import { LET_IN, type Minted } from './minting/request'

/** How a credential is minted: valid, or wrong in one named way. */
export interface MintOptions extends CredentialOptions {
  /** What is wrong with it. @default nothing */
  readonly defect?: Defect | undefined
}

/**
 * Signs a user for a portal with the portal's own secret: as it should be, or wrong in one named way.
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
  if (defect !== undefined) assertPossible(portal, defect, options.tenant)
  const material = await materialFor(portal, user, how)
  const { recipe, expect } = defect === undefined ? VALID : ROWS[defect]
  const request = forge(material, recipe)
  return { request, before: recipe.again ? [request] : [], expect }
}

const VALID: Pick<Row, 'recipe' | 'expect'> = { recipe: {}, expect: LET_IN }

/** @throws ConfigError for a defect that does not exist, or that this portal cannot have */
function assertPossible(portal: Portal, defect: Defect, tenant: string | undefined): void {
  const exists = Object.hasOwn(ROWS, defect)
  const guard = { bearer: true, replayStore: memoryReplayStore() } // one that refuses every defect
  const named = { ...portal, audience: tenant ?? portal.audience }
  if (exists && ROWS[defect].applies(named, guard)) return
  throw mistake(
    exists
      ? `A credential of ${portal.scheme.name} cannot have the defect "${defect}"`
      : `The kit has no defect "${String(defect)}"`,
    'Use one of `defectsFor(portal)`',
  )
}
