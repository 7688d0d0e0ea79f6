import { randomInt, randomUUID } from 'node:crypto'
import {
  ConfigError,
  isRejection,
  memoryReplayStore,
  type InputOf,
  type Portal,
} from '@countersign/core'
import type { Ask } from '../cases/stage'
import { dueFor } from '../defects/defect'
import { DEFECTS, defectsFor, type Defect } from '../defects/defects'
import { mint, type MintOptions } from '../minting/mint'
import { LET_IN, type Expectation, type Minted } from '../minting/request'
import type { PortalCaseOptions } from './options'

/** A portal's route with everything that its cases need to know. */
export interface World {
  readonly portal: Portal
  /** The path that the cases are about; it may have a query. */
  readonly route: string
  readonly options: PortalCaseOptions
  readonly method: string
  /** Requests without a credential are let in. */
  readonly optional: boolean
  readonly singleUse: boolean
  readonly user: unknown
  readonly other: unknown
  /** What is sent and must be refused. */
  readonly defects: readonly Defect[]
  /** Whether a request with this method uses a one-time credential up. */
  consumes(method: string): boolean
  /** A request with a valid credential that no other request has. */
  valid(how?: How): Promise<Ask>
  wrong(defect: Defect, how?: How): Promise<Minted>
  /** A valid credential, and the same with a wrong signature. */
  pair(): Promise<{ readonly valid: Ask; readonly forged: Ask }>
  /** A request without a credential. */
  anonymous(method?: string): Ask
}

type How = Omit<MintOptions, 'defect'> & { readonly who?: unknown }

export const MISSING: Expectation = dueFor('credential_missing')

const ADA = { id: 'countersign-user-1', email: 'ada@example.com', name: 'Ada Lovelace' }
const GRACE = { id: 'countersign-user-2', email: 'grace@example.com', name: 'Grace Hopper' }

export function worldOf<P extends Portal>(
  portal: P,
  route: string,
  options: PortalCaseOptions<InputOf<P>>,
): World {
  const { tenant, expiresIn, now = Date.now, user = ADA, other = otherThan(user) } = options
  const singleUse = options.singleUse ?? isSingleUse(portal, options.replayStore !== undefined)
  const { method = singleUse || !portal.scheme.codec.compact ? 'POST' : 'GET' } = options
  const distinct = distinctTimes(portal, now)
  const make = ({ who = user, ...how }: How & Pick<MintOptions, 'defect'>): Promise<Minted> => {
    const input = who as InputOf<P> // the kit's own, or of the portal's input
    return mint(portal, input, { tenant, expiresIn, method, now, ...how }).catch(unsignable(portal))
  }
  const valid: World['valid'] = async (how) => {
    const time = distinct()
    return (await make({ now: () => time, ...how })).request
  }
  const wrong: World['wrong'] = (defect, how) => {
    const time = DEFECTS[defect].group === 'replay' ? distinct() : now()
    return make({ now: () => time, ...how, defect })
  }
  return {
    portal,
    route,
    options,
    method,
    optional: options.mode === 'optional',
    singleUse,
    user,
    other,
    defects: sentDefects(portal, options, { singleUse, method }),
    consumes: consumption(options.consume),
    valid,
    wrong,
    async pair() {
      const time = distinct()
      const same = { now: () => time, nonce: randomUUID() }
      const forged = await wrong('tamperedSignatureEnd', same)
      return { valid: await valid(same), forged: forged.request }
    },
    anonymous: (asked = method) => ({ method: asked, query: '', headers: [] }),
  }
}

/** The same user with another identity, in the properties that it has. */
function otherThan(user: unknown): unknown {
  const own = user as Readonly<Record<string, unknown>> // any input is an object
  const changes = Object.entries(GRACE).filter(([name]) => Object.hasOwn(own, name))
  return { ...own, ...Object.fromEntries(changes) }
}

/** A mistake of the test's, not of the app's. */
function unsignable({ scheme }: Portal): (error: unknown) => never {
  return (error) => {
    if (!isRejection(error) || error.code !== 'user_invalid') throw error
    throw new ConfigError('option_invalid', {
      problem: `The user of the cases cannot be signed for ${scheme.name}: ${error.detail}`,
      fix: 'Pass a `user` that its signer accepts',
    })
  }
}

function isSingleUse({ scheme }: Portal, hasStore: boolean): boolean {
  const { singleUse } = scheme
  return singleUse?.when === 'always' || (singleUse?.when === 'with-store' && hasStore)
}

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

function consumption(consume: PortalCaseOptions['consume']): World['consumes'] {
  const methods = typeof consume === 'object' && 'lease' in consume ? consume.methods : consume
  if (methods === 'manual') return () => true // its handler does
  if (typeof methods === 'object') return (method) => methods.includes(method)
  return (method) => !SAFE_METHODS.includes(method)
}

/** Those that find the usual causes come first. */
const FIRST: readonly Defect[] = ['missing', 'wrongSecret', 'expired', 'wrongAudience', 'replayed']

function sentDefects(
  portal: Portal,
  { thorough, consume, ...options }: PortalCaseOptions,
  { singleUse, method }: Pick<World, 'singleUse' | 'method'>,
): readonly Defect[] {
  const replayStore = options.replayStore ?? (singleUse ? memoryReplayStore() : undefined)
  const isReplayed = singleUse && consumption(consume)(method)
  const applicable = defectsFor(portal, { ...options, replayStore }).filter(
    (defect) =>
      (thorough || DEFECTS[defect].isCommon) && (DEFECTS[defect].group !== 'replay' || isReplayed),
  )
  const rest = applicable.filter((defect) => !FIRST.includes(defect))
  return [...FIRST.filter((defect) => applicable.includes(defect)), ...rest]
}

/** The answer that a defect must get: an optional guard lets in what has no credential at all. */
export function dueTo(optional: boolean, defect: Defect): Expectation {
  const { expect, code, group } = DEFECTS[defect]
  return optional && code === 'credential_missing' && group === 'place' ? LET_IN : expect
}

const SAMPLE = 1_700_000_000_000
const MINUTE = 60_000

/**
 * Gives each credential a time of its own where a use is remembered by all that was signed: two of
 * the same moment would be one. Each is signed a little earlier than the one before.
 */
function distinctTimes({ scheme }: Portal, now: () => number): () => number {
  const { singleUse, limits, address, claims } = scheme
  if (singleUse?.by !== 'signing-input') return now
  const written = (ms: number): unknown => claims.issuedAt?.write(ms)
  const step = written(SAMPLE) === written(SAMPLE + 1) ? 1_000 : 1
  const { maxLifetime, window = maxLifetime } = limits
  const furthest = Math.min(window, address.expiresIn, 3_600) * 500 // half of their life is left
  let back = randomInt(Math.min(MINUTE, furthest)) // a store may remember an earlier run
  return () => {
    back = (back + step) % furthest
    return now() - back
  }
}
