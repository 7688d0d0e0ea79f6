import { answer } from './in-worker'
import { benchMemory } from './replay-memory'
import { benchPostgres } from './replay-postgres'
import { benchRedis } from './replay-redis'
import type { ReplaySettings } from './claim-race'

function measure(settings: ReplaySettings, store: string, client: string): Promise<unknown> {
  if (store === 'redis') return benchRedis(client, settings)
  return store === 'postgres' ? benchPostgres(settings) : benchMemory(settings)
}

const [settings = '', store = '', client = ''] = process.argv.slice(2)
void answer(measure(JSON.parse(settings) as ReplaySettings, store, client)) // as replay-bench.ts wrote it
