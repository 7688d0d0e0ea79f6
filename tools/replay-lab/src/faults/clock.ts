import { memoryReplayStore } from '@countersign/core'
import { PATIENT, startApp, type App } from '../app'
import { forkApp, type ProcessApp } from '../fleet'
import { idOf, type Fault, type Outcome } from '../outcome'
import { SHARED, type SharedStore } from './shared-store'
import { PATIENT_LIMIT, runTrial } from '../trial'

const MINUTE = 60_000

/** Apps whose clocks can be set, on one store that can be aged. */
interface Clocks {
  readonly apps: readonly App[]
  /** @param offset how far the clock of that app is ahead, in milliseconds */
  set(app: number, offset: number): Promise<void>
  age(milliseconds: number): Promise<void>
}

interface Plan {
  readonly id: string
  readonly name: string
  readonly expected: Fault['expected']
  readonly offsets: readonly number[]
  run(clocks: Clocks): Promise<Outcome>
}

const APART = [-5 * MINUTE, 0, 5 * MINUTE]

/** How long before its end the slowest clock sees the link, in the end. */
const LAST_MOMENT = 5_000

const PLANS: readonly Plan[] = [
  {
    id: 'apart',
    name: 'clocks 5 min slow, right and 5 min fast: a link at all three',
    expected: { accepted: 10, token_replayed: 20 },
    offsets: APART,
    run: ({ apps }) =>
      runTrial(
        apps,
        async (trial) => {
          const links = await trial.fresh(10)
          const [slow, right, fast] = ports(apps)
          for (const port of [fast, right, slow]) await trial.during(links, port)
        },
        PATIENT_LIMIT,
      ),
  },
  {
    id: 'apart-to-the-end',
    name: 'used by the fast clock, tried by the slow one just before it sees the link end',
    expected: { accepted: 10, token_replayed: 10 },
    offsets: APART,
    run: ({ apps, age, set }) =>
      runTrial(
        apps,
        async (trial) => {
          const [slow, , fast] = ports(apps)
          const links = await trial.fresh(10, 6 * 60) // the fast one sees a minute of it
          await trial.during(links, fast)
          const passed = 11 * MINUTE - LAST_MOMENT
          await age(passed)
          for (const [app, offset] of APART.entries()) await set(app, offset + passed)
          await trial.during(links, slow)
        },
        PATIENT_LIMIT,
      ),
  },
  {
    id: 'jumping',
    name: 'a clock that jumps 5 min back and forth between uses',
    expected: { accepted: 10, token_replayed: 40 },
    offsets: [0],
    run: ({ apps, set }) =>
      runTrial(
        apps,
        async (trial) => {
          const links = await trial.fresh(10)
          for (const offset of [0, -5 * MINUTE, 5 * MINUTE, -5 * MINUTE, 0]) {
            await set(0, offset)
            await trial.during(links)
          }
        },
        PATIENT_LIMIT,
      ),
  },
]

function ports(apps: readonly App[]): readonly (number | undefined)[] {
  return apps.map(({ port }) => port)
}

/** The plans with each shared store, in processes whose `Date.now` is set; and in one with its own. */
export const clockFaults: readonly Fault[] = [
  ...SHARED.flatMap(({ name, open }) => PLANS.map((plan) => sharedFault(name, open, plan))),
  ...PLANS.filter(({ offsets }) => offsets.length === 1).map(memoryFault),
]

function sharedFault(store: string, open: () => Promise<SharedStore>, plan: Plan): Fault {
  const { id, name, expected, offsets, run } = plan
  return {
    id: `clock-${id}-${idOf(store)}`,
    name,
    store,
    expected,
    async run() {
      const shared = await open()
      try {
        const start = (clockOffset: number): Promise<ProcessApp> =>
          forkApp({ store: shared.plan, clockOffset, storeDeadline: PATIENT })
        const apps = await Promise.all(offsets.map(start))
        return await run({
          apps,
          set: (app, offset) => apps[app]!.setClock(offset),
          age: shared.age,
        })
      } finally {
        await shared.stop()
      }
    },
  }
}

function memoryFault({ id, name, expected, run }: Plan): Fault {
  return {
    id: `clock-${id}-memory`,
    name,
    store: 'memory',
    expected,
    async run() {
      let ahead = 0
      const now = (): number => Date.now() + ahead
      const app = await startApp({ now, store: memoryReplayStore({ now }), storeDeadline: PATIENT })
      return run({
        apps: [app],
        set: async (_, offset) => void (ahead = offset),
        age: async () => undefined,
      })
    },
  }
}
