import { startPostgres } from '@countersign/test-servers'
import { Client } from 'pg'
import { postgresReplayStore } from '@countersign/store-postgres'
import { PATIENT, startApp, type AppOptions, type Visit } from '../app'
import type { Fault } from '../outcome'
import { migrate } from '../sites'
import { openPostgres } from '../stores'
import { newStage } from './stage'
import { PATIENT_LIMIT, runTrial } from '../trial'

const STORE = 'Postgres, pg'

/** A handler that works in a transaction of its own, and takes it back the first time. */
const rollbacks: readonly Fault[] = (['burn', 'lease'] as const).map((mode) => ({
  id: `rollback-${mode}`,
  name: `handler rolls its transaction back and fails (${mode})`,
  group: 'handler rolls its transaction back and fails',
  store: STORE,
  expected: { 'status 500': 10, [mode === 'burn' ? 'token_replayed' : 'accepted']: 10 },
  run: () => rollBack(mode === 'burn' ? undefined : { lease: 30 }),
}))

async function rollBack(consume: AppOptions['consume']): ReturnType<Fault['run']> {
  const server = await startPostgres()
  await migrate(server.url)
  const { store, pool, close } = await openPostgres({ kind: 'postgres', url: server.url })
  const stage = newStage()
  async function work(visit: Visit): Promise<void> {
    const fails = stage.arrive(visit) === 1 && !stage.isRaised
    const client = await pool.connect()
    try {
      await client.query('BEGIN')
      await client.query(fails ? 'ROLLBACK' : 'COMMIT')
    } finally {
      client.release()
    }
    if (fails) throw new Error('rolled back')
  }
  try {
    const app = await startApp({ store, consume, work, storeDeadline: PATIENT })
    return await runTrial(
      [app],
      async (trial) => {
        const links = await trial.fresh(10)
        await trial.during(links)
        await trial.during(links)
        stage.raise()
      },
      2 * PATIENT_LIMIT,
    )
  } finally {
    await close()
    await server.stop()
  }
}

/** A store that asks through a client on which somebody has said BEGIN. */
const inside: Fault = {
  id: 'inside',
  name: 'the store is given a client inside a transaction',
  store: STORE,
  expected: { store_unavailable: 15 },
  async run() {
    const server = await startPostgres()
    await migrate(server.url)
    const client = new Client(server.url)
    await client.connect()
    const store = postgresReplayStore({ query: (text, values) => client.query(text, values) })
    try {
      return await runTrial([await startApp({ store })], async (trial) => {
        const used = await trial.used(5)
        await client.query('BEGIN')
        await trial.during([...used, ...(await trial.fresh(10))])
        await client.query('ROLLBACK')
      })
    } finally {
      await client.end()
      await server.stop()
    }
  },
}

export const transactionFaults: readonly Fault[] = [...rollbacks, inside]
