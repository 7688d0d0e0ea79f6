import {
  ConfigError,
  isRejection,
  memoryReplayStore,
  type InputOf,
  type Portal,
} from '@countersign/core'
import type { Kind } from '../cases/case'
import type { CaseResponse } from '../cases/response'
import { GETS_THROUGH, type Ask } from '../cases/stage'
import { DEFECTS, defectsFor } from '../defects'
import { mint, type MintOptions } from '../mint'
import type { Expectation, Minted } from '../minted'
import type { Defect } from '../recipes/recipe'
import { controlsOf } from './controls'
import { distinct } from './distinct'
import { diagnose } from './diagnosis'
import { bodyBytes, headerList, SOMEBODY, somebodyElse, type PortalCaseOptions } from './options'

/** A portal’s route with all that its cases want to know. */
export interface World {
  readonly portal: Portal
  readonly options: PortalCaseOptions
  readonly kind: Kind
  readonly method: string
  readonly optional: boolean
  readonly singleUse: boolean
  /** Credentials sign a body. */
  readonly signsBody: boolean
  /** Credentials stand in the URL. */
  readonly inUrl: boolean
  readonly user: unknown
  readonly other: unknown
  readonly defects: readonly Defect[]
  /** Whether a request with this method uses a one-time credential up. */
  consumes(method: string): boolean
  /** A right credential of its own. */
  good(how?: How): Promise<Ask>
  wrong(defect: Defect): Promise<Minted>
  /** A request without any credential. */
  stranger(method?: string): Ask
}

type How = Omit<MintOptions, 'defect'> & { readonly who?: unknown }

export const NOBODY: Expectation = DEFECTS.missing.expect

export function worldOf<P extends Portal>(
  portal: P,
  route: string,
  options: PortalCaseOptions<InputOf<P>>,
): World {
  const { tenant, expiresIn, now = Date.now, user = SOMEBODY, other = somebodyElse(user) } = options
  const { scheme } = portal
  const singleUse = options.singleUse ?? isSingleUse(portal, options.replayStore !== undefined)
  const method = options.method ?? usualMethod(portal, singleUse)
  const placement = scheme.carrier.parameters.length
  const defaults = { tenant, expiresIn, method }
  const minting = distinct(portal, now)
  const mintFor = (who: unknown, how: MintOptions): Promise<Minted> =>
    mint(portal, who as InputOf<P>, { ...defaults, ...how }).catch(unsignable(portal)) // or the kit's own user
  const make = (who: unknown, how: MintOptions): Promise<Minted> =>
    minting((clock) => mintFor(who, { ...how, now: clock }))
  const world: World = {
    portal,
    options,
    kind: kindOf(route, options, () => world),
    method,
    optional: options.mode === 'optional',
    singleUse,
    signsBody: !scheme.codec.compact,
    inUrl: scheme.codec.compact && placement > 0,
    user,
    other,
    defects: defectsOf(portal, options, singleUse),
    consumes: consumption(options.consume),
    good: async ({ who = user, ...how } = {}) => (await make(who, how)).request,
    wrong: (defect) =>
      DEFECTS[defect].group === 'replay' ? make(user, { defect }) : mintFor(user, { defect, now }),
    stranger: (asked = method) => ({ method: asked, query: '', headers: [] }),
  }
  return world
}

/** The developer's mistake, not the app's. */
function unsignable({ scheme }: Portal): (error: unknown) => never {
  return (error) => {
    if (!isRejection(error) || error.code !== 'user_invalid') throw error
    throw new ConfigError('option_invalid', {
      problem: `The user of the cases cannot be signed for ${scheme.name}: ${error.detail}`,
      fix: 'Pass a `user` that its signer takes',
    })
  }
}

function kindOf(route: string, options: PortalCaseOptions, world: () => World): Kind {
  const { headers, body, also = [], deadline = 4_000, rejections } = options
  const { codes = rejections !== 'forward', accepts = isSuccess } = options
  return {
    route,
    headers: headerList(headers),
    body: bodyBytes(body),
    also,
    deadline,
    codes,
    isDue(response) {
      const { due, status, code, method, failure } = response
      if (failure !== null) return false
      if (due.code === null) return accepts(response)
      const tellsNoCode = !codes || method === 'HEAD'
      return status === due.status && (tellsNoCode || code === due.code)
    },
    controls: (stage) => controlsOf(world(), stage),
    diagnose: (response) => diagnose(world(), response),
  }
}

function isSuccess({ status }: CaseResponse): boolean {
  return status >= 200 && status < 400
}

function isSingleUse({ scheme }: Portal, hasStore: boolean): boolean {
  const { singleUse } = scheme
  return singleUse?.when === 'always' || (singleUse?.when === 'with-store' && hasStore)
}

/** What uses something up is no GET, and what has a body neither. */
function usualMethod({ scheme }: Portal, singleUse: boolean): string {
  return singleUse || !scheme.codec.compact ? 'POST' : 'GET'
}

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

function consumption(consume: PortalCaseOptions['consume']): World['consumes'] {
  const methods =
    typeof consume === 'object' && 'lease' in consume ? consume.methods : (consume ?? undefined)
  if (methods === 'manual') return () => true // by its handler
  if (typeof methods === 'object') return (method) => methods.includes(method)
  return (method) => !SAFE_METHODS.includes(method)
}

/** What a guard with these options must refuse. */
function defectsOf(
  portal: Portal,
  options: PortalCaseOptions,
  singleUse: boolean,
): readonly Defect[] {
  const { bearer, nonceRetention, replayStore, method = usualMethod(portal, singleUse) } = options
  const store = replayStore ?? (singleUse ? memoryReplayStore() : undefined)
  const defects = defectsFor(portal, { bearer, nonceRetention, replayStore: store })
  const replays = singleUse && consumption(options.consume)(method)
  return defects.filter((defect) => DEFECTS[defect].group !== 'replay' || replays)
}

/** What must be answered to a defect: an optional guard lets in what carries nothing at all. */
export function dueTo(world: World, defect: Defect): Expectation {
  const { expect, code, group } = DEFECTS[defect]
  const isAbsent = code === 'credential_missing' && group === 'place'
  return world.optional && isAbsent ? GETS_THROUGH : expect
}
