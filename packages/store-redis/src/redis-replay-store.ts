import { randomBytes } from 'node:crypto'
import type { ReplayLeases, ReplayStore } from '@countersign/core'
import { connection } from './connection'
import { entries, type Entries } from './entries'
import { leasedBy, stateOf, usedBy } from './entry'
import { leaseTime, lifetime } from './lifetime'
import { assertCheckOptions, assertOptions } from './options'
import type { CheckOptions, RedisReplayStoreOptions } from './options'
import { inspect, isDurable, type RedisReport } from './report'
import { writer } from './writer'

/** A store that all processes share which use one Redis, or one Redis cluster. */
export interface RedisReplayStore extends ReplayStore {
  readonly leases: ReplayLeases
  /**
   * Asks the server for its settings; call it once at start. After it has seen an append-only file,
   * `durable` is true. Of a cluster it asks the node that has one certain key.
   * @throws ConfigError `store_unsafe` for a server that evicts entries, for a replica, and with
   * `durable: true` for one that would forget on a restart
   * @throws Error where the server gives no answer
   */
  check(options?: CheckOptions): Promise<RedisReport>
}

/**
 * Each use is one key with an end of its own, and each operation one command on that key.
 * @throws ConfigError
 */
export function redisReplayStore(options: RedisReplayStoreOptions): RedisReplayStore {
  assertOptions(options)
  const { prefix = 'countersign:', waitReplicas, durable } = options
  let appendsOnly = false
  const owner = owners()
  const send = connection(options)
  const held = entries(send, writer(send, waitReplicas))
  const at = (key: string): string => prefix + key
  return {
    get durable() {
      return durable ?? appendsOnly
    },
    async claim(key, expiresAt) {
      const own = usedBy(owner())
      return (await held.take(at(key), own, lifetime(expiresAt))) === own
    },
    has: async (key) => stateOf(await held.read(at(key))) !== 'free',
    leases: leasesOf(held, at),
    async check(wanted = {}) {
      assertCheckOptions(wanted)
      const report = await inspect(send, { key: at('check'), waitReplicas, ...wanted })
      appendsOnly = isDurable(report)
      return report
    },
  }
}

/** Tells each claim from all others, of this process and of any other. */
function owners(): () => string {
  const store = randomBytes(12).toString('base64url')
  let count = 0
  return () => `${store}-${(count++).toString(36)}`
}

function leasesOf(held: Entries, at: (key: string) => string): ReplayLeases {
  return {
    async reserve(key, { owner, duration }) {
      const own = leasedBy(owner)
      const entry = await held.take(at(key), own, leaseTime(duration))
      return entry === own ? 'free' : stateOf(entry)
    },
    async commit(key, { owner, expiresAt }) {
      const use = { lease: leasedBy(owner), use: usedBy(owner), span: lifetime(expiresAt) }
      return held.makeFinal(at(key), use)
    },
    release: (key, owner) => held.remove(at(key), leasedBy(owner)),
    look: async (key) => stateOf(await held.read(at(key))),
  }
}
