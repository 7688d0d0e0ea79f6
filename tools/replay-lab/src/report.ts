import { flaws, show, type Fault, type Outcome } from './outcome'
import type { RaceResult } from './races'
import { raceFlaws, type Track } from './tracks'
import { sum } from './visitor'

export const FAULT_HEADER: readonly string[] = [
  'what goes wrong',
  'store',
  'answers meanwhile',
  'requests',
  'replays',
  'slowest',
  'recovered',
  'unhandled',
  '',
]

export function faultRow(fault: Fault, outcome: Outcome): readonly string[] {
  const { requests, during, replays, slowest, limit, recovered, unhandled } = outcome
  const isAsked = requests > 0
  return [
    fault.name,
    fault.store,
    show(during),
    isAsked ? String(requests) : '',
    isAsked ? String(replays) : '',
    isAsked ? `${Math.ceil(slowest)} of ${Math.ceil(limit)} ms` : '',
    isAsked ? (recovered ? 'yes' : 'no') : '',
    isAsked ? String(unhandled) : '',
    verdictOf(fault, flaws(fault, outcome)),
  ]
}

function verdictOf({ verdict }: Fault, found: readonly string[]): string {
  if (found.length > 0) return `BROKEN: ${found.join('; ')}`
  return verdict === 'lost' ? 'lost by design' : 'held'
}

export const SUMMARY_HEADER: readonly string[] = [
  'what goes wrong',
  'stores',
  'answers meanwhile',
  'replays',
  'slowest, ms',
  '',
]

/** A fault that was run. */
export interface Tried {
  readonly fault: Fault
  readonly outcome: Outcome
}

/** One row for all that have a group in common. */
export function summaryRows(tried: readonly Tried[]): readonly (readonly string[])[] {
  const groups = new Map<string, Tried[]>()
  for (const each of tried) {
    const name = each.fault.group ?? each.fault.name
    groups.set(name, [...(groups.get(name) ?? []), each])
  }
  return [...groups].map(([name, members]) => [name, ...summaryOf(members)])
}

function summaryOf(members: readonly Tried[]): readonly string[] {
  const stores = [...new Set(members.map(({ fault }) => fault.store))]
  const slowest = Math.max(...members.map(({ outcome }) => outcome.slowest))
  const verdicts = members.map(({ fault, outcome }) => verdictOf(fault, flaws(fault, outcome)))
  return [
    stores.join('; '),
    show(sum(members.map(({ outcome }) => outcome.during))),
    String(members.reduce((all, { outcome }) => all + outcome.replays, 0)),
    slowest === 0 ? '' : String(Math.ceil(slowest)),
    [...new Set(verdicts)].join('; '),
  ]
}

export const RACE_HEADER: readonly string[] = [
  'store',
  'mode',
  'processes',
  'requests',
  'winners a link',
  'answers',
  'requests/s',
  '',
]

export function raceRow(track: Track, links: number, result: RaceResult): readonly string[] {
  const { requests, winners, codes, seconds } = result
  const found = raceFlaws(track, links, result)
  const held = track.winners === 1 ? 'held' : 'not shared, by design'
  return [
    track.store,
    track.lease === undefined ? 'burn' : 'lease',
    track.crews ? `${track.apps} (racers in ${track.crews})` : String(track.apps),
    String(requests),
    Object.entries(winners)
      .map(([count, times]) => `${count} (× ${times})`)
      .join(', '),
    show(codes),
    (requests / seconds).toFixed(0),
    found.length > 0 ? `BROKEN: ${found.join('; ')}` : held,
  ]
}

/** A table in Markdown. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, 3, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join(
    '\n',
  )
}
