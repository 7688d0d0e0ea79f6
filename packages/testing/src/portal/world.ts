import { randomInt, randomUUID } from 'node:crypto'
import { isRejection, memoryReplayStore, type Portal } from '@countersign/core'
import type { Case } from '../cases/case'
import { dueFor } from '../defects/defect'
import { DEFECTS, defectsFor, ROWS, type Defect } from '../defects/defects'
import { mint, type MintOptions } from '../mint'
import type { Expectation, WireRequest } from '../minting/request'
import { mistake } from '../mistake'
import type { PortalCaseOptions } from './options'

/** A guarded route, with everything that its cases need. */
export type World = ReturnType<typeof worldOf>

export type PortalCase = Case<World>

export const MISSING: Expectation = dueFor('credential_missing')

const ADA = { id: 'countersign-user-1', email: 'ada@example.com', name: 'Ada Lovelace' }
const GRACE = { id: 'countersign-user-2', email: 'grace@example.com', name: 'Grace Hopper' }

/** @param route the path that the cases are about; it may have a query */
export function worldOf(portal: Portal, route: string, options: PortalCaseOptions) {
  const { scheme } = portal
  const { replayStore, rejections, user = ADA } = options
  const { when } = scheme.singleUse ?? {}
  const { singleUse = when === 'always' || (when === 'with-store' && replayStore !== undefined) } =
    options
  const { method = singleUse || !scheme.codec.compact ? 'POST' : 'GET' } = options
  const consumes = consumption(options.consume)
  return {
    portal,
    route,
    options,
    method,
    /** Requests without a credential are let in. */
    optional: options.mode === 'optional',
    singleUse,
    /** Whether the route's own request uses a one-time credential up. */
    isUsedUp: singleUse && consumes(method),
    /** Refusals are the guard's own problem documents. */
    codes: options.codes ?? rejections !== 'forward',
    user,
    other: options.other ?? otherThan(user),
    /** Whether a request with this method uses a one-time credential up. */
    consumes,
    /** A request without a credential. */
    anonymous: (asked = method): WireRequest => ({ method: asked, query: '', headers: [] }),
    ...makersOf(portal, options, { user, method }),
  }
}

/** The same user with another identity, in the properties that it has. */
function otherThan(user: unknown): unknown {
  const own = user as Readonly<Record<string, unknown>> // any input is an object
  const changes = Object.entries(GRACE).filter(([name]) => Object.hasOwn(own, name))
  return { ...own, ...Object.fromEntries(changes) }
}

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

function consumption(consume: PortalCaseOptions['consume']): (method: string) => boolean {
  const methods = typeof consume === 'object' && 'lease' in consume ? consume.methods : consume
  if (methods === 'manual') return () => true // its handler does
  if (typeof methods === 'object') return (method) => methods.includes(method)
  return (method) => !SAFE_METHODS.includes(method)
}

type How = MintOptions & { readonly who?: unknown }

function makersOf(
  portal: Portal,
  { tenant, expiresIn, now = Date.now }: PortalCaseOptions,
  { user, method }: { readonly user: unknown; readonly method: string },
) {
  const distinct = distinctTimes(portal, now)
  const make = (time: number, { who = user, ...how }: How) =>
    mint(portal, who as never, { tenant, expiresIn, method, now: () => time, ...how }).catch(
      unsignable(portal), // the kit's own user, or one of the portal's input
    )
  /** A request with a valid credential that no other request has. */
  const valid = async (how: How = {}) => (await make(distinct(), how)).request
  const wrong = (defect: Defect, how: How = {}) =>
    make(ROWS[defect].recipe.again ? distinct() : now(), { ...how, defect })
  /** A valid credential, and the same with a wrong signature. */
  const pair = async () => {
    const time = distinct()
    const same = { now: () => time, nonce: randomUUID() }
    const { request: forged } = await wrong('tamperedSignatureEnd', same)
    return { valid: await valid(same), forged }
  }
  return { valid, wrong, pair }
}

/** A mistake of the test's, not of the app's. */
function unsignable({ scheme }: Portal): (error: unknown) => never {
  return (error) => {
    if (!isRejection(error) || error.code !== 'user_invalid') throw error
    throw mistake(
      `The user of the cases cannot be signed for ${scheme.name}: ${error.detail}`,
      'Pass a `user` that its signer accepts',
    )
  }
}

const SAMPLE = 1_700_000_000_000

/**
 * Gives each credential a time of its own where a use is remembered by all that was signed: two of
 * the same moment would be one. They begin in the past, each in another run: a store may remember one.
 */
function distinctTimes({ scheme }: Portal, now: () => number): () => number {
  const { singleUse, limits, address, claims } = scheme
  if (singleUse?.by !== 'signing-input') return now
  const written = (ms: number): unknown => claims.issuedAt?.write(ms)
  const step = written(SAMPLE) === written(SAMPLE + 1) ? 1_000 : 1
  const { maxLifetime, window = maxLifetime } = limits
  const half = Math.min(window, address.expiresIn, 3_600) * 500
  const back = randomInt(half / 2, half)
  let last = 0
  return () => (last = Math.max(last + step, now() - back))
}

/** Those that find the usual causes come first. */
const FIRST: readonly Defect[] = ['missing', 'wrongSecret', 'expired', 'wrongAudience', 'replayed']

/** What is sent and must be refused. */
export function sentDefects({ portal, options, singleUse, isUsedUp }: World): readonly Defect[] {
  const replayStore = options.replayStore ?? (singleUse ? memoryReplayStore() : undefined)
  const sent = defectsFor(portal, { ...options, replayStore }).filter(
    (defect) =>
      (options.thorough || DEFECTS[defect].isCommon) && (!ROWS[defect].recipe.again || isUsedUp),
  )
  return [...new Set([...FIRST.filter((defect) => sent.includes(defect)), ...sent])]
}
