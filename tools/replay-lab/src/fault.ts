import type { ReplayStore } from '@countersign/core'
import { DEADLINE, PATIENT, startApp, type App, type AppOptions, type Visit } from './app'
import { runTrial, type Outcome, type Trial } from './trial'
import type { Tally } from './visitor'

/** What goes wrong with a store, and what must hold. */
export interface Fault {
  readonly id: string
  readonly name: string
  readonly store: string
  /** The answers while it lasts, to the last one. */
  readonly expected: Tally
  /**
   * `lost`: links succeed twice without protection, and the fault shows that they do.
   * @default 'held'
   */
  readonly verdict?: 'held' | 'lost' | undefined
  /** What an answer may take while it lasts, in milliseconds. */
  readonly limit: number
  run(): Promise<Outcome>
}

/** A store, and its server. */
export interface Site {
  readonly store: ReplayStore
  close(): Promise<void>
}

/** A fault that any of several sites can have. */
export interface Row<S extends Site> extends Pick<Fault, 'id' | 'name' | 'expected' | 'verdict'> {
  /** In milliseconds. @default the deadline of the store, and the grace */
  readonly limit?: number
  /** Options of the guard, and its framework. */
  readonly app?: Omit<AppOptions, 'work'>
  readonly work?: (visit: Visit, stage: Stage) => Promise<void> | void
  /** @default one, in this process */
  apps?(site: S, stage: Stage): Promise<readonly App[]>
  make(trial: Trial, site: S, stage: Stage): Promise<unknown>
}

/** What handlers wait for. */
export interface Stage {
  readonly raised: Promise<void>
  readonly isRaised: boolean
  raise(): void
}

/** For a store that works. */
export const WELL: { readonly storeDeadline: number } = { storeDeadline: PATIENT }

/** How much later than the store's deadline an answer may come, in milliseconds. */
const GRACE = 50

/** @param questions how often an answer may wait for the store */
export function limitOf({ storeDeadline = DEADLINE }: AppOptions = {}, questions = 1): number {
  return questions * (storeDeadline * 1_000 + GRACE)
}

/** Each row at each site. */
export function faultsOn<S extends Site>(
  sites: Readonly<Record<string, () => Promise<S>>>,
  rows: readonly Row<S>[],
): readonly Fault[] {
  return Object.entries(sites).flatMap(([store, open]) =>
    rows.map((row) => ({
      ...{ name: row.name, expected: row.expected, verdict: row.verdict, store },
      id: `${row.id}-${store}`,
      limit: row.limit ?? limitOf(row.app),
      run: () => runRow(row, open),
    })),
  )
}

async function runRow<S extends Site>(row: Row<S>, open: () => Promise<S>): Promise<Outcome> {
  const site = await open()
  const stage = newStage()
  const startOne = async (): Promise<readonly App[]> => [
    await startApp({
      replayStore: site.store,
      work: (visit) => row.work?.(visit, stage),
      ...row.app,
    }),
  ]
  try {
    const apps = await (row.apps?.(site, stage) ?? startOne())
    return await runTrial(apps, async (trial) => void (await row.make(trial, site, stage)))
  } finally {
    await site.close()
  }
}

function newStage(): Stage {
  let settle = (): void => undefined
  const stage = {
    raised: new Promise<void>((resolve) => (settle = resolve)),
    isRaised: false,
    raise() {
      stage.isRaised = true
      settle()
    },
  }
  return stage
}

/** What differs from the expected outcome, in words; empty where nothing does. */
export function flaws(fault: Omit<Fault, 'run'>, outcome: Outcome): readonly string[] {
  const { during, replays, slowest, recovered, unhandled } = outcome
  const [shown, expected] = [show(during), show(fault.expected)]
  const isLost = fault.verdict === 'lost'
  return [
    ...(shown === expected ? [] : [`answers ${shown} instead of ${expected}`]),
    ...(!isLost && replays > 0 ? [`${replays} replays`] : []),
    ...(isLost && replays === 0 ? ['nothing was lost, though it should be'] : []),
    ...(slowest > fault.limit ? [`an answer after ${Math.ceil(slowest)} ms`] : []),
    ...(recovered ? [] : ['no recovery']),
    ...(unhandled > 0 ? [`${unhandled} unhandled rejections`] : []),
  ]
}

/** `1 accepted, 63 token_replayed` */
export function show(counts: Tally): string {
  const shown = Object.entries(counts).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return shown.map(([code, count]) => `${count} ${code}`).join(', ') || 'none'
}
