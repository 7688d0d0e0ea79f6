import type { Client } from 'pg'
import { faultsOn, WELL, type Fault, type Row } from '../fault'
import { POSTGRES, postgresSite, TABLE, type PostgresSite } from '../sites'

const refused = { store_unavailable: 15 }

/** What can happen to PostgreSQL while it is up. */
const TROUBLES: readonly Row<PostgresSite>[] = [
  {
    id: 'lock',
    name: 'lock wait: another session holds the table',
    expected: refused,
    async make(trial, { stall }) {
      let end = async (): Promise<void> => undefined
      await trial.tryBoth(async () => (end = await stall()))
      await end()
    },
  },
  {
    id: 'read-only',
    name: 'read-only (default_transaction_read_only)',
    expected: refused,
    async make(trial, site) {
      await trial.tryBoth(() => setReadOnly(site, 'on'))
      await setReadOnly(site, 'off')
    },
  },
  {
    id: 'table',
    name: 'table missing',
    expected: refused,
    async make(trial, { sql }) {
      await trial.tryBoth(() => sql(`ALTER TABLE ${TABLE} RENAME TO elsewhere`))
      await sql(`ALTER TABLE elsewhere RENAME TO ${TABLE}`)
    },
  },
]

const CONNECTIONS: Row<PostgresSite> = {
  id: 'connections',
  name: "too many connections, after the app's own were ended",
  expected: refused,
  async make(trial, site) {
    const hogs: Client[] = []
    await trial.tryBoth(async () => {
      await site.sql(END_OTHERS)
      await fillUp(site, hogs)
    })
    await Promise.all(hogs.map((hog) => hog.end()))
  },
}

const END_OTHERS =
  'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()'

/** Takes every connection that is left. */
async function fillUp({ connect }: PostgresSite, hogs: Client[]): Promise<void> {
  for (;;) {
    const hog = await connect().catch(() => undefined)
    if (!hog) return
    hogs.push(hog)
  }
}

async function setReadOnly({ sql }: PostgresSite, value: 'on' | 'off'): Promise<void> {
  await sql(
    'SET default_transaction_read_only = off',
    `ALTER SYSTEM SET default_transaction_read_only = ${value}`,
    'SELECT pg_reload_conf()',
    'SELECT pg_sleep(0.2)', // each connection reads it between two statements
  )
}

const SERIALIZABLE: Row<PostgresSite> = {
  id: 'serializable',
  name: 'serializable isolation, 8 requests at once for each of 40 links',
  expected: { accepted: 40, token_replayed: 280 },
  app: WELL,
  make: async (trial) => trial.race(await trial.fresh(40), 8),
}

const CRASH: Row<PostgresSite> = {
  id: 'crash',
  name: 'crash, as delivered',
  expected: { token_replayed: 10 },
  async make(trial, { sql, kill, restart }) {
    await sql('CHECKPOINT') // the table itself is to survive
    const links = await trial.used(10)
    await kill()
    await restart()
    await trial.decided(links)
  },
}

/** Nothing is written before it has to be. */
const LAZY = { synchronous_commit: 'off', wal_writer_delay: '10s', wal_writer_flush_after: '0' }

export const postgresFaults: readonly Fault[] = [
  ...faultsOn(POSTGRES, [...TROUBLES, CRASH]),
  ...faultsOn({ pg: () => postgresSite({ settings: { max_connections: '12' } }) }, [CONNECTIONS]),
  ...faultsOn(
    { pg: () => postgresSite({ settings: { default_transaction_isolation: 'serializable' } }) },
    [SERIALIZABLE],
  ),
  ...faultsOn({ pg: () => postgresSite({ settings: LAZY }) }, [
    { ...CRASH, id: 'crash-asynchronous', name: 'crash, synchronous_commit = off' },
  ]),
  ...faultsOn({ pg: () => postgresSite({ after: [`ALTER TABLE ${TABLE} SET UNLOGGED`] }) }, [
    {
      ...CRASH,
      id: 'crash-unlogged',
      name: 'crash, UNLOGGED table',
      expected: { accepted: 10 },
      verdict: 'lost',
    },
  ]),
]
