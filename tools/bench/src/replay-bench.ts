import { fork } from 'node:child_process'
import path from 'node:path'
import { findPostgres, findProgram } from '@countersign/test-servers'
import type { ClaimRates } from './claim-race'
import type { MemoryResult } from './replay-memory'
import { redisClients, type RedisResult } from './replay-redis'
import type { ReplaySettings } from './replay-settings'

export interface ReplayResults {
  readonly redis: readonly RedisResult[]
  readonly postgres: readonly (readonly ClaimRates[])[]
  readonly memory: readonly MemoryResult[]
}

/** Measures each store in a process of its own, with a server of its own where it is installed. */
export async function benchReplay(settings: ReplaySettings): Promise<ReplayResults> {
  const redis: RedisResult[] = []
  if (isHere('redis-server', findProgram('redis-server') !== undefined)) {
    for (const client of Object.keys(redisClients)) {
      redis.push(await inWorker<RedisResult>(settings, 'redis', client))
    }
  }
  const found = findPostgres()
  const postgres = isHere('PostgreSQL', found !== undefined && 'folder' in found)
    ? await inWorker<ReplayResults['postgres']>(settings, 'postgres')
    : []
  return { redis, postgres, memory: await inWorker(settings, 'memory') }
}

function isHere(name: string, here: boolean): boolean {
  if (!here) console.warn(`SKIPPED: no ${name} here. Install it to measure its store.`)
  return here
}

function inWorker<Result>(settings: ReplaySettings, ...what: readonly string[]): Promise<Result> {
  return new Promise((resolve, reject) => {
    const file = path.join(__dirname, 'replay-worker.js')
    const worker = fork(file, [JSON.stringify(settings), ...what], { execArgv: ['--expose-gc'] })
    let result: { readonly value: Result } | undefined
    worker.on('message', (value) => (result = { value: value as Result })) // all it ever sends
    worker.on('error', reject)
    worker.on('exit', (code) => {
      if (code === 0 && result) resolve(result.value)
      else reject(new Error(`Measuring ${what.join(' ')} failed`))
    })
  })
}
