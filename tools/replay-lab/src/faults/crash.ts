import { PATIENT, startApp, type Visit } from '../app'
import { forkApp } from '../fleet'
import { idOf, type Fault } from '../outcome'
import { postgresSite, redisSite, type Site } from '../sites'
import { newStage } from './stage'
import { openStore, type OpenStore } from '../stores'
import { PATIENT_LIMIT, runTrial, type Trial } from '../trial'

/** Seconds. */
const LEASE = 5
/** An answer that waits for the store before the handler and after it, in milliseconds. */
const TWO_QUESTIONS = 2 * PATIENT_LIMIT

const SITES: readonly { readonly store: string; open(): Promise<Site> }[] = [
  { store: 'Redis, ioredis', open: () => redisSite('ioredis') },
  { store: 'Postgres, pg', open: () => postgresSite() },
]

interface Plan extends Pick<Fault, 'id' | 'name' | 'expected'> {
  run(site: Site, opened: OpenStore): ReturnType<Fault['run']>
}

const PLANS: readonly Plan[] = [
  {
    id: 'killed',
    name: 'process killed between reserve and commit: 409, then free again after the lease',
    expected: { nonce_in_progress: 5, accepted: 1 },
    run: killBetween,
  },
  {
    id: 'unrecorded',
    name: 'server gone between reserve and commit: this process refuses, and tells it later',
    expected: { token_replayed: 10 },
    run: loseBetween,
  },
  {
    id: 'storm',
    name: 'retry storm: 25 links, each tried by four at once until it is decided',
    expected: { accepted: 25, token_replayed: 75 },
    run: storm,
  },
]

async function killBetween(site: Site, { store }: OpenStore): ReturnType<Fault['run']> {
  const consume = { lease: LEASE }
  const doomed = await forkApp({ store: site.plan, consume, storeDeadline: PATIENT, hangs: true })
  const app = await startApp({ store, consume, storeDeadline: PATIENT })
  return runTrial(
    [app],
    async (trial) => {
      await trial.used(5)
      const links = await trial.fresh(1)
      const lost = trial.post(links, doomed.port).catch(() => undefined) // it has no answer
      await doomed.began()
      await doomed.kill()
      await lost
      await trial.during(Array(5).fill(links[0]))
      await trial.decided(links)
    },
    PATIENT_LIMIT,
  )
}

/** Another process asks too; it only knows what the store knows. */
async function loseBetween(site: Site, { store }: OpenStore): ReturnType<Fault['run']> {
  const consume = { lease: 6 * LEASE }
  const stage = newStage(5)
  const work = (visit: Visit): Promise<void> => {
    stage.arrive(visit)
    return stage.curtain
  }
  const apps = [
    await startApp({ store, consume, work }),
    await startApp({ store, consume }),
  ] as const
  return runTrial(apps, async (trial) => {
    const links = await trial.fresh(5)
    const accepted = trial.post(links, apps[0].port)
    await stage.begun
    await site.kill()
    stage.raise()
    await accepted
    await trial.during([...links, ...links], apps[0].port)
    await site.restart()
  })
}

async function storm(site: Site, { store }: OpenStore): ReturnType<Fault['run']> {
  const app = await startApp({ store, consume: { lease: LEASE }, storeDeadline: PATIENT })
  return runTrial(
    [app],
    async (trial: Trial) => {
      const links = await trial.fresh(25)
      await site.kill()
      const all = trial.decided([...links, ...links, ...links, ...links])
      await site.restart()
      await all
    },
    TWO_QUESTIONS,
  )
}

export const crashFaults: readonly Fault[] = SITES.flatMap(({ store, open }) =>
  PLANS.map(({ id, run, ...plan }) => ({
    ...plan,
    id: `${id}-${idOf(store)}`,
    store,
    async run() {
      const site = await open()
      const opened = await openStore(site.plan)
      try {
        return await run(site, opened)
      } finally {
        await opened.close()
        await site.stop()
      }
    },
  })),
)
