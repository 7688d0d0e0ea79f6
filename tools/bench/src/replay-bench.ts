import { findPostgres, findProgram } from '@countersign/test-servers'
import type { ClaimRates, ReplaySettings } from './claim-race'
import { inWorker } from './in-worker'
import type { MemoryResult } from './replay-memory'
import { redisClients, type RedisResult } from './replay-redis'

export interface ReplayResults {
  readonly redis: readonly RedisResult[]
  readonly postgres: readonly (readonly ClaimRates[])[]
  readonly memory: readonly MemoryResult[]
}

/** Measures each store in a process of its own, with a server of its own where it is installed. */
export async function benchReplay(settings: ReplaySettings): Promise<ReplayResults> {
  const measure = <Result>(...store: readonly string[]): Promise<Result> =>
    inWorker('replay-worker.js', JSON.stringify(settings), ...store)
  const redis: RedisResult[] = []
  if (isHere('redis-server', findProgram('redis-server') !== undefined)) {
    for (const client of Object.keys(redisClients)) {
      redis.push(await measure('redis', client))
    }
  }
  const found = findPostgres()
  const postgres = isHere('PostgreSQL', found !== undefined && 'folder' in found)
    ? await measure<ReplayResults['postgres']>('postgres')
    : []
  return { redis, postgres, memory: await measure('memory') }
}

function isHere(name: string, here: boolean): boolean {
  if (!here) console.warn(`SKIPPED: no ${name} here. Install it to measure its store.`)
  return here
}
