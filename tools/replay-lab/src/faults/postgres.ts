import { startPostgres, type PostgresServer } from '@countersign/test-servers'
import { Client } from 'pg'
import { PATIENT, startApp } from '../app'
import type { Fault } from '../outcome'
import { migrate } from '../sites'
import { openPostgres } from '../stores'
import { PATIENT_LIMIT, runTrial, type Trial } from '../trial'

export const TABLE = 'countersign_uses'

/** What can happen to Postgres while it is up. */
interface Trouble extends Pick<Fault, 'id' | 'name' | 'expected'> {
  readonly settings?: Readonly<Record<string, string>>
  /** Nothing is in the way: the store has its time. */
  readonly isWell?: boolean
  make(server: PostgresServer, trial: Trial): Promise<void>
}

const refused = { store_unavailable: 15 }

const TROUBLES: readonly Trouble[] = [
  {
    id: 'connections',
    name: "too many connections, after the app's own were ended",
    expected: refused,
    settings: { max_connections: '12' },
    make: (server, trial) =>
      withAdmin(server, async (admin) => {
        const hogs: Client[] = []
        await tryAll(trial, async () => {
          await run(admin, END_OTHERS)
          await fillUp(server, hogs)
        })
        await Promise.all(hogs.map((hog) => hog.end()))
      }),
  },
  {
    id: 'lock',
    name: 'lock wait: somebody holds the table',
    expected: refused,
    make: (server, trial) =>
      withAdmin(server, async (admin) => {
        await tryAll(trial, () => run(admin, `BEGIN; LOCK TABLE ${TABLE}`))
        await run(admin, 'ROLLBACK')
      }),
  },
  {
    id: 'read-only',
    name: 'read-only (default_transaction_read_only)',
    expected: refused,
    make: (server, trial) =>
      withAdmin(server, async (admin) => {
        await tryAll(trial, () => setForAll(admin, 'on'))
        await setForAll(admin, 'off')
      }),
  },
  {
    id: 'table',
    name: 'table missing',
    expected: refused,
    make: (server, trial) =>
      withAdmin(server, async (admin) => {
        await tryAll(trial, () => run(admin, `ALTER TABLE ${TABLE} RENAME TO elsewhere`))
        await run(admin, `ALTER TABLE elsewhere RENAME TO ${TABLE}`)
      }),
  },
  {
    id: 'serializable',
    name: 'serializable isolation, 8 racers for each of 40 links',
    expected: { accepted: 40, token_replayed: 280 },
    settings: { default_transaction_isolation: 'serializable' },
    isWell: true,
    async make(_, trial) {
      for (const link of await trial.fresh(40)) await trial.during(Array(8).fill(link))
    },
  },
]

const END_OTHERS =
  'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()'

async function tryAll(trial: Trial, begin: () => Promise<void>): Promise<void> {
  const used = await trial.used(5)
  await begin()
  await trial.during([...used, ...(await trial.fresh(10))])
}

export async function withAdmin<Result>(
  { url }: PostgresServer,
  work: (admin: Client) => Promise<Result>,
): Promise<Result> {
  const admin = await connected(url)
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

async function connected(url: string): Promise<Client> {
  const client = new Client(url)
  client.on('error', () => undefined) // its server may be killed
  await client.connect()
  return client
}

export async function run(client: Client, text: string): Promise<void> {
  await client.query(text)
}

/** Takes every connection that is left. */
async function fillUp({ url }: PostgresServer, hogs: Client[]): Promise<void> {
  for (;;) {
    const hog = await connected(url).catch(() => undefined)
    if (!hog) return
    hogs.push(hog)
  }
}

async function setForAll(admin: Client, value: 'on' | 'off'): Promise<void> {
  await run(admin, 'SET default_transaction_read_only = off')
  await run(admin, `ALTER SYSTEM SET default_transaction_read_only = ${value}`)
  await run(admin, 'SELECT pg_reload_conf()')
  await run(admin, 'SELECT pg_sleep(0.2)') // each connection reads it between two statements
}

export const postgresFaults: readonly Fault[] = TROUBLES.map(
  ({ settings, isWell, make, ...trouble }) => ({
    ...trouble,
    store: 'Postgres, pg',
    async run() {
      const server = await startPostgres({ settings })
      await migrate(server.url)
      const { store, close } = await openPostgres({ kind: 'postgres', url: server.url })
      try {
        const app = await startApp({ store, storeDeadline: isWell ? PATIENT : undefined })
        return await runTrial(
          [app],
          (trial) => make(server, trial),
          isWell ? PATIENT_LIMIT : undefined,
        )
      } finally {
        await close()
        await server.stop()
      }
    },
  }),
)
