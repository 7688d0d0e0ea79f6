import type { ReplayStore } from '@countersign/express'
import type { Query } from './database'

/** Remembers used links in the database, so that a restart does not make them new. */
export function databaseReplayStore(query: Query): ReplayStore {
  return {
    durable: true,
    async claim(key, expiresAt) {
      const { rows } = await query(
        `insert into used_credentials (key, expires_at) values ($1, $2)
         on conflict (key) do nothing returning key`,
        [key, timestamp(expiresAt)],
      )
      return rows.length === 1
    },
    async has(key) {
      const { rows } = await query('select 1 from used_credentials where key = $1', [key])
      return rows.length === 1
    },
  }
}

function timestamp(ms: number): string {
  return ms === Infinity ? 'infinity' : new Date(ms).toISOString()
}
