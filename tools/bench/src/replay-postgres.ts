import { postgresReplayStore } from '@countersign/store-postgres'
import { startPostgres } from '@countersign/test-servers'
import { Pool } from 'pg'
import {
  type Claimer,
  type ClaimRates,
  IN_FLIGHT,
  raceClaims,
  type ReplaySettings,
} from './claim-race'

const CONNECTIONS = 8

/** The store and a bare INSERT through one pool, on a server whose commits wait for the disk. */
export async function benchPostgres({
  rounds,
  claims,
}: ReplaySettings): Promise<readonly (readonly ClaimRates[])[]> {
  const server = await startPostgres()
  const pool = new Pool({ connectionString: server.url, max: CONNECTIONS })
  try {
    const claimers = [await storeClaimer(pool), await bareClaimer(pool)]
    const empty = (): Promise<unknown> => pool.query('TRUNCATE countersign_uses, bare')
    const race = { rounds, empty }
    return [
      await raceClaims(claimers, { ...race, claims: claims.many / 4, inFlight: IN_FLIGHT }),
      await raceClaims(claimers, { ...race, claims: claims.one, inFlight: 1 }),
    ]
  } finally {
    await pool.end()
    await server.stop()
  }
}

async function storeClaimer(pool: Pool): Promise<Claimer> {
  const store = postgresReplayStore({ query: (text, values) => pool.query(text, values) })
  await store.migrate()
  await store.check()
  return { name: 'postgresReplayStore', claim: store.claim }
}

/** As the store's table, with the least that decides who is first. */
async function bareClaimer(pool: Pool): Promise<Claimer> {
  await pool.query('CREATE TABLE bare (key bytea PRIMARY KEY, expires_at timestamptz NOT NULL)')
  await pool.query('CREATE INDEX ON bare (expires_at)')
  return {
    name: 'bare INSERT',
    async claim(key, expiresAt) {
      const { rowCount } = await pool.query(
        `INSERT INTO bare (key, expires_at)
         VALUES ($1, now() + $2::double precision * interval '1 millisecond') ON CONFLICT DO NOTHING`,
        [Buffer.from(key, 'base64url'), expiresAt - Date.now()],
      )
      return rowCount === 1
    },
  }
}
