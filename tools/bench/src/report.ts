import { cpus } from 'node:os'
import type { Throughput } from './http-bench'
import { median, ratio, spread, table } from './table'
import type { CaseResult } from './verify-bench'
import type { Timing } from './verify-worker'

/** On what it was measured, and when. */
export function reportMachine(): string {
  const model = cpus()[0]?.model ?? 'unknown processor'
  const date = new Date().toISOString().slice(0, 10)
  return `Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} x ${model}, ${date}`
}

/** µs a verification, and how many times the straight-line code that is. */
export function reportVerification(results: readonly CaseResult[]): string {
  const rows = results.flatMap(({ title, timings }) =>
    timings.map((timing, index) => [index ? '' : title, ...describeTiming(timing, timings)]),
  )
  return table(['credential', 'verified by', 'µs', 'lowest - highest', '× straight-line'], rows)
}

function describeTiming(timing: Timing, all: readonly Timing[]): string[] {
  const micros = timing.rounds.map((nanoseconds) => nanoseconds / 1000)
  const times = ratio(timing.rounds, roundsOf(all, 'straight-line'))
  return [timing.name, median(micros).toFixed(2), spread(micros, 2), times.toFixed(2)]
}

function roundsOf(timings: readonly Timing[], name: string): readonly number[] {
  return timings.find((timing) => timing.name === name)?.rounds ?? []
}

/** Requests a second, and what part of the bare framework's that is. */
export function reportHttp(results: readonly Throughput[]): string {
  const rows = results.map(({ app, rounds, cpu }) => {
    const bare = bareOf(results, app.framework)
    return [
      app.framework,
      app.guard,
      median(rounds).toFixed(0),
      spread(rounds, 0),
      percent(ratio(rounds, bare.rounds)),
      median(cpu).toFixed(0),
      percent(ratio(bare.cpu, cpu)),
    ]
  })
  const head = ['guarded by', 'requests/s', 'lowest - highest', 'of bare', 'CPU µs', 'of bare']
  return table(['server', ...head], rows)
}

function bareOf(results: readonly Throughput[], framework: string): Throughput {
  return results.find(({ app }) => app.framework === framework) as Throughput // the first is the bare one
}

/** The figures that count, beside what we aim at. */
export function reportRatios(
  verification: readonly CaseResult[],
  http: readonly Throughput[],
  more: readonly string[][],
): string {
  const rows = [...verification.flatMap(ratiosOf), ...http.flatMap((one) => ratioOf(one, http))]
  return table(['ratio', 'measured', 'aim'], [...rows, ...more])
}

/** By the name of a case. */
const VERIFY_AIMS: Readonly<Record<string, string>> = {
  featkit: '<= 1.00',
  'seggwat-hmac': '<= 1.00',
  'seggwat-jwt': '<= 1.05',
  'harlyy-consume': '<= 1.80',
  fdback: '<= 1.60',
}

function ratiosOf({ name, title, timings }: CaseResult): string[][] {
  const ours = roundsOf(timings, 'Countersign')
  const fastJwt = roundsOf(timings, 'fast-jwt 6')
  const straight = ratio(ours, roundsOf(timings, 'straight-line')).toFixed(2)
  const rows = [[`${title}: Countersign / straight-line`, straight, VERIFY_AIMS[name] ?? '']]
  if (fastJwt.length > 0) {
    rows.push([
      `${title}: Countersign / fast-jwt, no cache`,
      ratio(ours, fastJwt).toFixed(2),
      '<= 0.75',
    ])
  }
  return rows
}

/** What a guard adds to a bare request's processor time, beside what hand-written code adds. */
function ratioOf({ app, cpu }: Throughput, all: readonly Throughput[]): string[][] {
  if (!app.guard.startsWith('Countersign, FeatKit')) return []
  const others = all.filter(({ app: { framework } }) => framework === app.framework)
  const bare = bareOf(others, app.framework).cpu
  const byHand = others.find(({ app: { guard } }) => guard.startsWith('straight-line'))?.cpu ?? []
  const added = (rounds: readonly number[]): number => median(rounds) - median(bare)
  const name = `${app.framework}: CPU that ${app.guard} adds / that hand-written code adds`
  return [[name, (added(cpu) / added(byHand)).toFixed(2), '<= 0.85']]
}

function percent(part: number): string {
  return `${(part * 100).toFixed(0)} %`
}
