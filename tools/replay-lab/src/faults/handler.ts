import { eventually } from '@countersign/test-servers'
import { setTimeout as pause } from 'node:timers/promises'
import { startApp, type AppOptions, type Visit } from '../app'
import { faultsOn, limitOf, WELL, type Fault, type Row, type Stage } from '../fault'
import type { Link } from '../links'
import { forkApp } from '../processes'
import { ONE_OF_EACH, POSTGRES, REDIS, type ServerSite } from '../sites'
import type { Trial } from '../trial'

/** Seconds. */
const LEASE = 5
const SHORT = 0.2

const leased = (lease: number): Omit<AppOptions, 'work'> => ({ ...WELL, consume: { lease } })

/** What a handler, or the client that waits for it, can do wrong. */
const HANDLERS: readonly Row<ServerSite>[] = [
  {
    id: 'throws',
    name: 'handler throws the first time (burn): used up, though nothing was done',
    expected: { 'status 500': 10, token_replayed: 10 },
    app: WELL,
    work: throwsFirst,
    make: twice,
  },
  {
    id: 'throws-lease',
    name: 'handler throws the first time (lease): released immediately',
    expected: { 'status 500': 10, accepted: 10 },
    app: leased(LEASE),
    work: throwsFirst,
    make: twice,
  },
  {
    id: 'throws-after-consume',
    name: 'handler throws after `consume()` (lease): used up',
    expected: { 'status 500': 10, token_replayed: 10 },
    app: leased(LEASE),
    async work(visit, stage) {
      await visit.consume()
      throwsFirst(visit, stage)
    },
    make: twice,
  },
  {
    id: 'gone',
    name: 'client gone while the handler runs (burn)',
    expected: { token_replayed: 1 },
    app: WELL,
    work: waitsFirst,
    make: abandoned,
  },
  {
    id: 'gone-lease',
    name: 'client gone while the handler runs, which succeeds (lease)',
    expected: { token_replayed: 1 },
    app: leased(LEASE),
    work: waitsFirst,
    make: abandoned,
  },
  {
    id: 'meanwhile',
    name: 'others try while the handler runs (lease)',
    expected: { nonce_in_progress: 5 },
    app: leased(LEASE),
    work: waitsFirst,
    make: (trial, _, stage) =>
      whileRunning(trial, stage, (link) => trial.during(Array(5).fill(link))),
  },
  {
    id: 'overrun',
    name: 'handler outlives its lease, a second one is let in: both succeed',
    expected: { accepted: 1 },
    verdict: 'lost',
    app: leased(SHORT),
    work: waitsFirst,
    make: (trial, _, stage) => whileRunning(trial, stage, (link) => trial.decided([link])),
  },
  {
    id: 'overrun-fenced',
    name: 'handler outlives its lease, and calls `consume()` before it does anything',
    expected: { accepted: 1 },
    app: leased(SHORT),
    async work(visit, stage) {
      await waitsFirst(visit, stage)
      await visit.consume()
    },
    make: (trial, _, stage) => whileRunning(trial, stage, (link) => trial.decided([link])),
  },
  {
    id: 'overrun-alone',
    name: 'handler outlives its lease, no other came meanwhile: its late commit counts',
    expected: { token_replayed: 1 },
    app: leased(SHORT),
    work: waitsFirst,
    async make(trial, _, stage) {
      const link = await whileRunning(trial, stage, () => pause(2 * SHORT * 1_000))
      await trial.during([link])
    },
  },
]

function throwsFirst({ attempt }: Visit, { isRaised }: Stage): void {
  if (attempt === 1 && !isRaised) throw new Error('the handler failed')
}

async function waitsFirst({ attempt }: Visit, { raised }: Stage): Promise<void> {
  if (attempt === 1) await raised
}

async function twice(trial: Trial, _: ServerSite, stage: Stage): Promise<void> {
  const links = await trial.fresh(10)
  await trial.during(links)
  await trial.during(links)
  stage.raise()
}

async function abandoned(trial: Trial, _: ServerSite, stage: Stage): Promise<void> {
  const links = await trial.fresh(1)
  await trial.abandon(links[0]!, begun(trial)) // one was asked for
  stage.raise()
  await trial.decided(links)
}

/** What happens between the beginning and the end of a handler. @returns its link */
async function whileRunning(
  trial: Trial,
  stage: Stage,
  work: (link: Link) => Promise<unknown>,
): Promise<Link> {
  const link = (await trial.fresh(1))[0]! // one was asked for
  const first = trial.post([link])
  await begun(trial)
  await work(link)
  stage.raise()
  await first
  return link
}

/** Waits until so many handlers of the first app have begun. */
async function begun({ apps: [app] }: Trial, count = 1): Promise<void> {
  await eventually(async () => (await app!.report()).begun >= count)
}

/** What can happen between the reservation of a link and its use. */
const CRASHES: readonly Row<ServerSite>[] = [
  {
    id: 'killed',
    name: 'process killed between reserve and commit: 409, then free again after the lease',
    expected: { nonce_in_progress: 5, accepted: 1 },
    app: leased(LEASE),
    async make(trial, { plan }) {
      const doomed = await forkApp({ store: plan, consume: { lease: LEASE }, hangs: true })
      await trial.used(5)
      const links = await trial.fresh(1)
      const lost = trial.post(links, doomed).catch(() => undefined) // it has no answer
      await eventually(async () => (await doomed.report()).begun > 0)
      await doomed.kill()
      await lost
      await trial.during(Array(5).fill(links[0]))
      await trial.decided(links)
    },
  },
  {
    id: 'storm',
    name: 'retry storm: 25 links, each tried by four at once until it is decided',
    expected: { accepted: 25, token_replayed: 75 },
    limit: limitOf(WELL, 2), // it waits for the store before the handler and after it
    app: leased(LEASE),
    async make(trial, { kill, restart }) {
      const links = await trial.fresh(25)
      await kill()
      const all = trial.decided([...links, ...links, ...links, ...links])
      await restart()
      await all
    },
  },
]

/** A second app only knows what the store knows. */
const UNRECORDED: Row<ServerSite> = {
  id: 'unrecorded',
  name: 'server gone between reserve and commit: this process refuses, and tells it later',
  expected: { token_replayed: 10 },
  apps({ store: replayStore }, { raised }) {
    const consume = { lease: 30 }
    const first = { replayStore, consume, work: () => raised }
    return Promise.all([startApp(first), startApp({ replayStore, consume })])
  },
  async make(trial, { kill, restart }, stage) {
    const [app] = trial.apps
    const links = await trial.fresh(5)
    const accepted = trial.post(links, app)
    await begun(trial, 5)
    await kill()
    stage.raise()
    await accepted
    await trial.during([...links, ...links], app)
    await restart()
  },
}

export const handlerFaults: readonly Fault[] = [
  ...faultsOn<ServerSite>({ ioredis: REDIS.ioredis }, HANDLERS),
  ...faultsOn<ServerSite>(
    POSTGRES,
    HANDLERS.map((row) => ({ ...row, app: { ...row.app, framework: 'koa' as const } })),
  ),
  ...faultsOn(ONE_OF_EACH, [...CRASHES, UNRECORDED]),
]
