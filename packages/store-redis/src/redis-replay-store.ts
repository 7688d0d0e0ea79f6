import type { SharedReplayStore } from '@countersign/core'
import { asking } from './ask'
import { check } from './check'
import {
  checkSettings,
  redisSettings,
  type CheckOptions,
  type RedisReplayStoreOptions,
} from './options'
import { isDurable, type RedisReport } from './report'
import { usesIn } from './uses'

/** A store that is shared by all processes that use one Redis server, or one Redis Cluster. */
export interface RedisReplayStore extends SharedReplayStore {
  /**
   * Claims a key, frees it again, and reads the server's settings. Call it before the application
   * listens. Sets `durable` where the server has an append-only file. In a cluster it asks one node.
   * @throws ConfigError `store_unsafe` for a server that refuses a claim, evicts entries or is a
   * replica; with `durable: true` also for one that forgets uses when it restarts or fails over
   * @throws Error where the server does not answer
   */
  check(options?: CheckOptions): Promise<RedisReport>
}

/**
 * Remembers uses in Redis: each is one key that expires, and each operation is one script on one key.
 * @throws ConfigError for options that cannot work
 */
export function redisReplayStore(options: RedisReplayStoreOptions): RedisReplayStore {
  const settings = redisSettings(options)
  const { prefix, waitReplicas, durable } = settings
  const asked = asking(settings)
  const uses = usesIn(asked, prefix)
  let hasFile = false
  return {
    ...uses,
    get durable() {
      return durable ?? hasFile
    },
    async check(wanted) {
      const report = await check(asked, uses, { ...checkSettings(wanted), prefix, waitReplicas })
      hasFile = isDurable(report)
      return report
    },
  }
}
