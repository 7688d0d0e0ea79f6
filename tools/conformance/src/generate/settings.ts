import type * as Core from '@countersign/core'
import type * as Schemes from '@countersign/core/schemes'
import type { SchemeName } from '../catalogue'
import type { FrontOptions } from '../front'
import { headerOf } from '../servers'

/** The clock of all settings, in milliseconds since the epoch. Not a whole second. */
export const NOW: number = Date.UTC(2026, 10, 20, 12) + 250

export type Signer = 'current' | 'previous' | 'retired' | 'other tenant' | 'attacker'

/** A portal as data, so that several builds can make it. */
export interface PortalSpec {
  readonly scheme: SchemeName
  readonly secret: 'one' | 'list' | 'lookup' | 'late lookup'
  /** The project key or workspace; `null` where the tenant tells. */
  readonly id: string | null
}

/** A verifier as data. */
export interface GeneratedSetting {
  readonly portals: readonly PortalSpec[]
  readonly options: {
    readonly bearer?: true
    /** The header `x-tenant` names the tenant. */
    readonly tenant?: true
    readonly store?: true
    readonly clockTolerance?: number
    readonly maxLifetime?: number
    readonly consume?: 'manual' | readonly string[]
    readonly mode?: 'optional'
  }
}

/** The functions that make what a setting describes. */
export interface Library {
  readonly core: Pick<typeof Core, 'memoryReplayStore'>
  readonly schemes: typeof Schemes
}

const TENANTS = ['ws_demo', 'ws_other', 'ws_same', 'ws_fails', 'ws_empty', 'ws_none'] as const
export const IDS: readonly string[] = [...TENANTS, 'WS_DEMO', 'ws demo', '', 'ws/../x']

/** A secret of a scheme. Keys shorter and longer than a block of SHA-256, and not only ASCII. */
export function secretOf(scheme: SchemeName, signer: Signer): string {
  const length = { current: 24, previous: 90, retired: 52, 'other tenant': 30, attacker: 40 }[
    signer
  ]
  return `${signer} ${scheme} é `.padEnd(length, 'x') + '-and-32-bytes'
}

/** Current, previous, and one that is no longer accepted. */
function rotation(scheme: SchemeName): readonly Core.SecretInput[] {
  return [
    { id: 'current', value: secretOf(scheme, 'current') },
    Buffer.from(secretOf(scheme, 'previous')),
    { id: 'retired', value: secretOf(scheme, 'retired'), notAfter: new Date(NOW) },
  ]
}

function lookUp(scheme: SchemeName, tenant: string | null) {
  if (tenant === 'ws_fails') throw new Error('the database is down')
  if (tenant === 'ws_empty') return ''
  if (tenant === 'ws_other') return secretOf(scheme, 'other tenant')
  return tenant === 'ws_none' || tenant === 'WS_DEMO' ? null : rotation(scheme)
}

function secretFor({ scheme, secret }: PortalSpec): Core.SecretSource {
  if (secret === 'one') return secretOf(scheme, 'current')
  if (secret === 'list') return rotation(scheme)
  if (secret === 'lookup') return ({ tenant }) => lookUp(scheme, tenant)
  return async ({ tenant }) => lookUp(scheme, tenant)
}

export function portalFrom(spec: PortalSpec, { schemes }: Library): Core.Portal {
  const secret = secretFor(spec)
  const id = spec.id ?? undefined
  if (spec.scheme === 'featkit') return schemes.featkit({ secret })
  if (spec.scheme === 'harlyy') return schemes.harlyy({ secret })
  if (spec.scheme === 'fdback') return schemes.fdback({ secret, workspaceId: id })
  const mode = spec.scheme === 'jwt' ? 'jwt' : 'hmac'
  return schemes.seggwat({ secret, projectKey: id, mode })
}

/** @param store empty for each sequence of requests */
export function optionsFrom({ options }: GeneratedSetting, store: Core.ReplayStore): FrontOptions {
  const { tenant, store: hasStore, ...rest } = options
  return {
    ...rest,
    now: () => NOW,
    ...(hasStore && { replayStore: store, nonceRetention: 3_600 }),
    ...(tenant && { tenant: (native) => headerOf(native, 'x-tenant') }),
  }
}

function only(
  scheme: SchemeName,
  secret: PortalSpec['secret'],
  options: GeneratedSetting['options'] = {},
  id: string | null = 'ws_demo',
): GeneratedSetting {
  const store = scheme === 'harlyy' && { store: true as const }
  return { portals: [{ scheme, secret, id }], options: { ...options, ...store } }
}

const own = (scheme: SchemeName): PortalSpec => ({ scheme, secret: 'list', id: 'ws_demo' })

/** Every kind of portal alone, then several in one guard. */
export const SETTINGS: readonly GeneratedSetting[] = [
  ...(['featkit', 'seggwat', 'jwt', 'harlyy', 'fdback'] as const).flatMap((scheme) => [
    only(scheme, 'list'),
    only(scheme, 'one', { clockTolerance: 0, maxLifetime: 60, ...bearerFor(scheme) }),
    only(scheme, 'list', { clockTolerance: 300, mode: 'optional', ...bearerFor(scheme) }),
    only(scheme, 'lookup', { tenant: true, ...bearerFor(scheme) }, null),
    only(scheme, 'late lookup', { tenant: true }, null),
    only(scheme, 'late lookup'),
  ]),
  only('seggwat', 'list', { tenant: true }, null),
  only('fdback', 'lookup', {}, null),
  only('fdback', 'list', { tenant: true }, null),
  only('fdback', 'list', {}, null),
  only('fdback', 'list', { store: true }),
  only('fdback', 'late lookup', { store: true, consume: ['POST', 'PUT'] }, null),
  only('harlyy', 'list', { consume: 'manual' }),
  only('harlyy', 'list', { consume: ['GET'] }),
  { portals: [own('featkit'), own('seggwat')], options: { bearer: true } },
  { portals: [own('jwt'), own('seggwat'), own('featkit')], options: { bearer: true } },
  { portals: [own('harlyy'), own('fdback')], options: { store: true } },
  {
    portals: [own('fdback'), own('featkit'), own('jwt'), own('harlyy')],
    options: { bearer: true, store: true, mode: 'optional' },
  },
]

function bearerFor(scheme: SchemeName): { readonly bearer?: true } {
  return scheme === 'fdback' ? {} : { bearer: true }
}
