import { startPostgres } from '@countersign/test-servers'
import { startApp } from '../app'
import type { Fault } from '../outcome'
import { run, TABLE, withAdmin } from './postgres'
import { refusedAtStart } from './refused-at-start'
import { migrate } from '../sites'
import { openPostgres } from '../stores'
import { runTrial } from '../trial'

/** Settings under which Postgres forgets in a crash what it has acknowledged, or not. */
interface Setting {
  readonly id: string
  readonly name: string
  readonly settings: Readonly<Record<string, string>>
  /** What is done to the table. */
  readonly change?: string
}

/** Nothing is written before it has to be. */
const LAZY = { synchronous_commit: 'off', wal_writer_delay: '10s', wal_writer_flush_after: '0' }

const SETTINGS: readonly Setting[] = [
  {
    id: 'unlogged',
    name: 'crash, UNLOGGED table',
    settings: {},
    change: `ALTER TABLE ${TABLE} SET UNLOGGED`,
  },
]

const STORE = 'Postgres, pg'

export const postgresLosses: readonly Fault[] = [
  ...SETTINGS.flatMap((setting) => [crashFault(setting, 'lost'), checkFault(setting)]),
  crashFault({ id: 'crash-as-delivered', name: 'crash, as delivered', settings: {} }, 'held'),
  crashFault(
    { id: 'asynchronous', name: 'crash, synchronous_commit = off', settings: LAZY },
    'held',
  ),
]

function crashFault({ id, name, ...setting }: Setting, verdict: 'held' | 'lost'): Fault {
  return {
    id,
    name,
    store: STORE,
    expected: verdict === 'lost' ? { accepted: 10 } : { token_replayed: 10 },
    verdict,
    async run() {
      const { server, store, close } = await open(setting)
      try {
        return await runTrial([await startApp({ store })], async (trial) => {
          const links = await trial.used(10)
          await server.kill('SIGKILL')
          await server.restart()
          await trial.decided(links)
        })
      } finally {
        await close()
        await server.stop()
      }
    },
  }
}

function checkFault({ id, name, ...setting }: Setting): Fault {
  return {
    id: `${id}-checked`,
    name: `${name}: \`check()\` at start-up`,
    store: STORE,
    expected: { store_unsafe: 1 },
    async run() {
      const { server, store, close } = await open(setting)
      try {
        return await refusedAtStart(() => store.check())
      } finally {
        await close()
        await server.stop()
      }
    },
  }
}

async function open({ settings, change }: Pick<Setting, 'settings' | 'change'>): Promise<
  Awaited<ReturnType<typeof openPostgres>> & {
    readonly server: Awaited<ReturnType<typeof startPostgres>>
  }
> {
  const server = await startPostgres({ settings })
  await migrate(server.url)
  await withAdmin(server, async (admin) => {
    if (change) await run(admin, change)
    await run(admin, 'CHECKPOINT') // the table itself is to survive
  })
  return { ...(await openPostgres({ kind: 'postgres', url: server.url })), server }
}
