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

/** What the cases of one setting have in common: a portal, and whether uses are remembered. */
export interface Setting {
  readonly scheme: SchemeName
  readonly remembers: boolean
}

export function settingOf({ scheme, replays }: TokenCase): Setting {
  return { scheme, remembers: replays || scheme === 'harlyy' }
}

/** The clock of the catalogue, and a store where the setting has one. */
export function settingOptions({ remembers }: Setting, store: ReplayStore): FrontOptions {
  return { now: () => now, ...(remembers && { replayStore: store, nonceRetention: 3_600 }) }
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
