import type { Tally } from './visitor'

/** One row of the report. */
export interface Fault {
  readonly id: string
  /** What goes wrong, and who stands it. */
  readonly name: string
  readonly store: string
  /** The line of the summary that it stands in. @default its name */
  readonly group?: string | undefined
  /** What the answers have to be while it goes wrong, to the last one. */
  readonly expected: Tally
  /**
   * `lost`: without protection this loses uses, and the row shows that it does.
   * @default 'held'
   */
  readonly verdict?: 'held' | 'lost' | undefined
  run(): Promise<Outcome>
}

/** What came of a fault. */
export interface Outcome {
  /** All requests, before, during and after it. */
  readonly requests: number
  readonly all: Tally
  /** The answers while it lasted. */
  readonly during: Tally
  /** How often a link's handler ran to success again. */
  readonly replays: number
  /** The slowest answer while it lasted, and what it may take, in milliseconds. */
  readonly slowest: number
  readonly limit: number
  /** A fresh link was accepted afterwards, by the same app. */
  readonly recovered: boolean
  readonly unhandled: number
}

/** What differs from the expected outcome, in words; empty where nothing does. */
export function flaws({ expected, verdict = 'held' }: Fault, outcome: Outcome): readonly string[] {
  const { during, replays, slowest, limit, recovered, unhandled } = outcome
  const isLost = verdict === 'lost'
  return [
    ...(same(during, expected) ? [] : [`answers ${show(during)} instead of ${show(expected)}`]),
    ...(!isLost && replays > 0 ? [`${replays} replays`] : []),
    ...(isLost && replays === 0 ? ['nothing was lost, though it should be'] : []),
    ...(slowest > limit ? [`an answer after ${Math.ceil(slowest)} ms`] : []),
    ...(recovered ? [] : ['no recovery']),
    ...(unhandled > 0 ? [`${unhandled} unhandled rejections`] : []),
  ]
}

function same(one: Tally, other: Tally): boolean {
  return show(one) === show(other)
}

/** `1 accepted, 63 token_replayed` */
export function show(counts: Tally): string {
  const shown = Object.entries(counts).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return shown.map(([code, count]) => `${count} ${code}`).join(', ') || 'none'
}

/** The first word of a store's name, for ids. */
export function idOf(store: string): string {
  return store.replace(/\W.*$/, '').toLowerCase()
}
