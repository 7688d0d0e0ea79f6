import { startPostgres } from '@countersign/test-servers'
import { startApp, type AppOptions } from '../app'
import type { Fault } from '../outcome'
import { openBox, order, SAFE } from '../redis-box'
import { migrate } from '../sites'
import { openPostgres, openRedis, type OpenStore } from '../stores'
import { PATIENT_LIMIT, runTrial } from '../trial'
import { run, TABLE, withAdmin } from './postgres'

/** How many links are tried while the store stalls. */
const LINKS = 500

/** A store that can be made to hold every write for a while. */
interface Stalling extends OpenStore {
  /** @returns what ends the stall */
  stall(): Promise<() => Promise<void>>
  stop(): Promise<void>
}

async function stallingRedis(): Promise<Stalling> {
  const box = await openBox(SAFE)
  const opened = await openRedis({ kind: 'redis', client: 'ioredis', port: box.port })
  return {
    ...opened,
    async stall() {
      await order(box.port, 'CLIENT PAUSE 60000 WRITE')
      return () => order(box.port, 'CLIENT UNPAUSE')
    },
    stop: box.stop,
  }
}

async function stallingPostgres(): Promise<Stalling> {
  const server = await startPostgres()
  await migrate(server.url)
  const pool = { statement_timeout: 1_500, query_timeout: 2_000, connectionTimeoutMillis: 2_000 }
  const opened = await openPostgres({ kind: 'postgres', url: server.url, pool })
  return {
    ...opened,
    stall: () =>
      new Promise((resolve) => {
        void withAdmin(server, async (admin) => {
          await run(admin, `BEGIN; LOCK TABLE ${TABLE}`)
          await new Promise<void>((end) => {
            resolve(async () => end())
          })
          await run(admin, 'ROLLBACK')
        })
      }),
    stop: () => server.stop(),
  }
}

const STORES = [
  ['Redis, ioredis', stallingRedis],
  ['Postgres, pg', stallingPostgres],
] as const

/** The store stalls for three seconds. Afterwards each link that was tried meanwhile is tried again. */
export const stallFaults: readonly Fault[] = STORES.flatMap(([store, open]) =>
  ([undefined, { lease: 30 }] as const).map((consume) => ({
    id: `stall-${store.replace(/\W.*$/, '').toLowerCase()}-${consume ? 'lease' : 'burn'}`,
    name: `store stalls for 3 s, each link tried in it is tried again (${consume ? 'lease' : 'burn'})`,
    store,
    expected: { store_unavailable: LINKS, accepted: LINKS },
    run: () => tryInStall(open, consume),
  })),
)

async function tryInStall(
  open: () => Promise<Stalling>,
  consume: AppOptions['consume'],
): ReturnType<Fault['run']> {
  const { store, stall, close, stop } = await open()
  try {
    return await runTrial(
      [await startApp({ store, consume })],
      async (trial) => {
        await trial.used(5)
        const links = await trial.fresh(LINKS)
        const end = await stall()
        await trial.during(links)
        await pause(3_000)
        await end()
        // a few at a time: all at once they would wait for each other longer than the guard waits
        for (let from = 0; from < LINKS; from += 20) {
          await trial.decided(links.slice(from, from + 20))
        }
      },
      PATIENT_LIMIT,
    )
  } finally {
    await close()
    await stop()
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
