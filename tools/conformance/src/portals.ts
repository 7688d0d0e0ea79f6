import {
  memoryReplayStore,
  type NamedSecret,
  type Portal,
  type ReplayStore,
  type SecretSource,
} from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '@countersign/core/schemes'
import { catalogue, type SchemeName, type TokenCase } from './catalogue'
import type { FrontOptions } from './front'
import { headerOf } from './servers'

const { secrets, projectKey, now } = catalogue

/** Current and previous secret, named so that `keyId` tells which one signed. */
export const rotation: readonly NamedSecret[] = [
  { id: 'A', value: secrets.A },
  { id: 'B', value: secrets.B },
]

const workspaces = new Map<string, readonly NamedSecret[]>([
  ['ws_demo', rotation],
  ['ws_other', [{ id: 'other', value: secrets.other_workspace }]],
])

const makers: Readonly<Record<SchemeName, (secret?: SecretSource) => Portal>> = {
  featkit: (secret = rotation) => featkit({ secret }),
  seggwat: (secret = rotation) => seggwat({ secret, projectKey }),
  jwt: (secret = rotation) => seggwat({ secret, projectKey, mode: 'jwt' }),
  harlyy: (secret = rotation) => harlyy({ secret }),
  fdback: (secret = ({ tenant }) => workspaces.get(tenant ?? '') ?? null) => fdback({ secret }),
}

/** The portal that the cases of a scheme are meant for. @param secret another one than theirs */
export function cataloguePortal(scheme: SchemeName, secret?: SecretSource): Portal {
  return makers[scheme](secret)
}

/** A guard as data. */
export interface Setting {
  readonly schemes: readonly SchemeName[]
  readonly options: Omit<FrontOptions, 'replayStore' | 'tenant'>
  readonly remembers: boolean
  /** The header `x-tenant` names the tenant, and the secret is looked up late. */
  readonly hasTenants?: boolean
}

/** The setting that a case of the catalogue is meant for. */
export function settingOf({ scheme, replays }: TokenCase): Setting {
  return { schemes: [scheme], options: {}, remembers: replays || scheme === 'harlyy' }
}

/** New portals for a setting. */
export function portalsFor({ schemes, hasTenants }: Setting): readonly Portal[] {
  return schemes.map((scheme) => cataloguePortal(scheme, hasTenants ? lookUp : undefined))
}

/** @param replayStore empty for each sequence of requests */
export function optionsFor(setting: Setting, replayStore: ReplayStore): FrontOptions {
  return {
    ...setting.options,
    now: () => now,
    allowSecretReuse: true, // the catalogue has the same secrets for all schemes
    ...(setting.remembers && { replayStore, nonceRetention: 3_600 }),
    ...(setting.hasTenants && { tenant: (native) => headerOf(native, 'x-tenant') }),
  }
}

const lookUp: SecretSource = async ({ tenant }) => {
  if (tenant === 'ws_fails') throw new Error('the database is down')
  if (tenant === 'ws_empty') return ''
  return tenant === 'ws_demo' ? rotation : null
}

/** A memory store that can be emptied, so that one server serves many cases. */
export interface FreshStore extends ReplayStore {
  renew(): void
}

export function freshStore(): FreshStore {
  let store = memoryReplayStore({ now: () => now })
  return {
    durable: store.durable,
    claim: (key, expiresAt) => store.claim(key, expiresAt),
    has: (key) => store.has(key),
    renew() {
      store = memoryReplayStore({ now: () => now })
    },
  }
}
