import { benchMemory } from './replay-memory'
import { benchPostgres } from './replay-postgres'
import { benchRedis } from './replay-redis'
import type { ReplaySettings } from './replay-settings'

function measure(settings: ReplaySettings, store: string, client: string): Promise<unknown> {
  if (store === 'redis') return benchRedis(client, settings)
  return store === 'postgres' ? benchPostgres(settings) : benchMemory(settings)
}

process.on('disconnect', () => process.exit())
const [settings = '', store = '', client = ''] = process.argv.slice(2)
measure(JSON.parse(settings) as ReplaySettings, store, client).then(
  // as replay-bench.ts wrote it
  (result) => process.send?.(result, () => process.disconnect()),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  },
)
