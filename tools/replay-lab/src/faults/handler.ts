import { memoryReplayStore } from '@countersign/core'
import { startApp, type AppOptions, type Visit } from '../app'
import type { Fault } from '../outcome'
import { newStage, type Stage } from './stage'
import { runTrial, type Trial } from '../trial'

/** What a handler, or who waits for it, can do wrong. The store is a good one. */
interface Trouble extends Pick<Fault, 'id' | 'name' | 'expected' | 'verdict'> {
  readonly consume?: AppOptions['consume']
  work(visit: Visit, stage: Stage): ReturnType<NonNullable<AppOptions['work']>>
  make(trial: Trial, stage: Stage): Promise<void>
}

/** Seconds. */
const LEASE = 1
const SHORT = 0.2

const TROUBLES: readonly Trouble[] = [
  {
    id: 'throws-burn',
    name: 'handler throws the first time (burn): used up, though nothing was done',
    expected: { 'status 500': 10, token_replayed: 10 },
    work: throwsFirst,
    make: twice,
  },
  {
    id: 'throws-lease',
    name: 'handler throws the first time (lease): given back at once',
    consume: { lease: LEASE },
    expected: { 'status 500': 10, accepted: 10 },
    work: throwsFirst,
    make: twice,
  },
  {
    id: 'throws-after-consume',
    name: 'handler throws after `consume()` (lease): used up',
    consume: { lease: LEASE },
    expected: { 'status 500': 10, token_replayed: 10 },
    async work(visit, stage) {
      await visit.consume()
      throwsFirst(visit, stage)
    },
    make: twice,
  },
  {
    id: 'gone-burn',
    name: 'client gone while the handler runs (burn)',
    expected: { token_replayed: 1 },
    work: waits,
    make: abandoned,
  },
  {
    id: 'gone-lease',
    name: 'client gone while the handler runs, which succeeds (lease)',
    consume: { lease: LEASE },
    expected: { token_replayed: 1 },
    work: waits,
    make: abandoned,
  },
  {
    id: 'meanwhile',
    name: 'others try while the handler runs (lease)',
    consume: { lease: LEASE },
    expected: { nonce_in_progress: 5 },
    work: waits,
    async make(trial, stage) {
      const links = await trial.fresh(1)
      const first = trial.post(links)
      await stage.begun
      await trial.during(Array(5).fill(links[0]))
      stage.raise()
      await first
    },
  },
  {
    id: 'overrun',
    name: 'handler outlives its lease, a second one is let in: both succeed',
    consume: { lease: SHORT },
    expected: { accepted: 1 },
    verdict: 'lost',
    work: waitsFirst,
    make: overrun,
  },
  {
    id: 'overrun-fenced',
    name: 'handler outlives its lease, and calls `consume()` before it does anything',
    consume: { lease: SHORT },
    expected: { accepted: 1 },
    async work(visit, stage) {
      await waitsFirst(visit, stage)
      await visit.consume()
    },
    make: overrun,
  },
  {
    id: 'overrun-alone',
    name: 'handler outlives its lease, nobody came meanwhile: its late commit counts',
    consume: { lease: SHORT },
    expected: { token_replayed: 1 },
    work: waitsFirst,
    async make(trial, stage) {
      const links = await trial.fresh(1)
      const first = trial.post(links)
      await stage.begun
      await new Promise((resolve) => setTimeout(resolve, 2 * SHORT * 1_000))
      stage.raise()
      await first
      await trial.during(links)
    },
  },
]

function throwsFirst(visit: Visit, stage: Stage): void {
  if (stage.arrive(visit) === 1 && !stage.isRaised) throw new Error('the handler failed')
}

async function waits(visit: Visit, stage: Stage): Promise<void> {
  stage.arrive(visit)
  await stage.curtain
}

async function waitsFirst(visit: Visit, stage: Stage): Promise<void> {
  if (stage.arrive(visit) === 1) await stage.curtain
}

async function twice(trial: Trial, stage: Stage): Promise<void> {
  const links = await trial.fresh(10)
  await trial.during(links)
  await trial.during(links)
  stage.raise()
}

async function abandoned(trial: Trial, stage: Stage): Promise<void> {
  const links = await trial.fresh(1)
  await trial.abandon(links[0]!, stage.begun) // one was asked for
  stage.raise()
  await trial.decided(links)
}

/** The first one's lease ends, the second one is quicker. */
async function overrun(trial: Trial, stage: Stage): Promise<void> {
  const links = await trial.fresh(1)
  const first = trial.post(links)
  await stage.begun
  await trial.decided(links)
  stage.raise()
  await first
}

/** Each with both frameworks. */
export const handlerFaults: readonly Fault[] = (['express', 'koa'] as const).flatMap((framework) =>
  TROUBLES.map(({ work, make, consume, ...trouble }) => ({
    ...trouble,
    id: `${trouble.id}-${framework}`,
    store: `memory, ${framework === 'koa' ? 'Koa' : 'Express'}`,
    async run() {
      const stage = newStage()
      const app = await startApp({
        framework,
        consume,
        store: memoryReplayStore(),
        work: (visit) => work(visit, stage),
      })
      return runTrial([app], (trial) => make(trial, stage))
    },
  })),
)
