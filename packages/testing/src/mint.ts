import { memoryReplayStore, type InputOf, type Portal } from '@countersign/core'
import type { Row } from './defects/defect'
import { ROWS, type Defect } from './defects/defects'
import { forge } from './minting/forge'
import { materialFor } from './minting/material'
import { LET_IN } from './minting/request'
import type { CredentialOptions, Expectation, WireRequest } from './minting/request'
import { assertOptions, mistake } from './mistake'

/** How a credential is minted: valid, or wrong in one named way. */
export interface MintOptions extends CredentialOptions {
  /** What is wrong with it. @default nothing */
  readonly defect?: Defect | undefined
}

/** The names of those that every way of minting has. */
export const MINT_OPTIONS = 'defect now expiresIn nonce tenant'

/** A request with a credential, valid or wrong in one named way. */
export interface Minted {
  readonly request: WireRequest
  /** Requests to send first, in this order. Each must be let in. */
  readonly before: readonly WireRequest[]
  readonly expect: Expectation
}

/**
 * Signs a user with the portal's own secret: as it should be, or wrong in one named way. Rejects for
 * a wrong user (`Rejection`), and for what this portal's credentials cannot be (`ConfigError`).
 */
export async function mint<P extends Portal>(
  portal: P,
  user: InputOf<P>,
  given: MintOptions = {},
): Promise<Minted> {
  assertOptions('mint()', given, `${MINT_OPTIONS} method carrier`)
  const { defect, ...options } = given
  if (defect !== undefined) assertPossible(portal, defect, options.tenant)
  const material = await materialFor(portal, user, options)
  const { recipe, expect } =
    defect === undefined ? { recipe: {} as Row['recipe'], expect: LET_IN } : ROWS[defect]
  const request = forge(material, recipe)
  return { request, before: recipe.again ? [request] : [], expect }
}

/** For what sends one request: a defect that takes two is a mistake. */
export async function mintOne<P extends Portal>(
  portal: P,
  user: InputOf<P>,
  options: MintOptions,
): Promise<WireRequest> {
  const { request, before } = await mint(portal, user, options)
  if (before.length === 0) return request
  throw mistake(
    `The defect "${options.defect}" takes more than one request`,
    'Send the requests of `mint(…)`, or sign twice with the same `nonce`',
  )
}

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
