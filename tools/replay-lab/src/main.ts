import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { FAULTS } from './faults'
import { flaws, type Fault } from './outcome'
import {
  FAULT_HEADER,
  faultRow,
  RACE_HEADER,
  raceRow,
  SUMMARY_HEADER,
  summaryRows,
  table,
  type Tried,
} from './report'
import { raceFlaws, runTrack, TRACKS } from './tracks'

/** How often a fault is run while its only flaw is a late answer: the machine may be busy. */
const ATTEMPTS = 10

/** Prints the races and the faults as tables, and fails where one did not hold. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      racers: { type: 'string', default: '64' },
      links: { type: 'string', default: '1000' },
    },
  })
  const { only } = values
  process.env['COUNTERSIGN_DEBUG'] ??= '0' // thousands of refusals are wanted here
  const size = { racers: Number(values.racers), links: Number(values.links) }
  console.log(`Node ${process.version}, ${cpus().length} cores, ${new Date().toISOString()}\n`)
  const broken = (await runRaces(only, size)) + (await runFaults(only))
  console.log(broken === 0 ? 'Everything held.' : `${broken} did not hold.`)
  process.exitCode = broken === 0 ? 0 : 1
}

interface Size {
  readonly racers: number
  readonly links: number
}

/** @returns how many did not hold */
async function runRaces(only: string, size: Size): Promise<number> {
  const rows: (readonly string[])[] = []
  let broken = 0
  for (const track of TRACKS) {
    if (only !== 'races' && !`race-${track.id}`.includes(only)) continue
    const result = await runTrack(track, size)
    rows.push(raceRow(track, size.links, result))
    if (raceFlaws(track, size.links, result).length > 0) broken++
    console.error(`race-${track.id}: ${result.seconds.toFixed(1)} s`)
  }
  print(RACE_HEADER, rows)
  return broken
}

/** @returns how many did not hold */
async function runFaults(only: string): Promise<number> {
  const all: Tried[] = []
  for (const [kind, faults] of Object.entries(FAULTS)) {
    const tried: Tried[] = []
    for (const fault of faults) {
      if (only !== 'faults' && kind !== only && !fault.id.includes(only)) continue
      tried.push(await tryFault(fault))
    }
    print(
      FAULT_HEADER,
      tried.map(({ fault, outcome }) => faultRow(fault, outcome)),
    )
    all.push(...tried)
  }
  print(SUMMARY_HEADER, summaryRows(all))
  return all.filter(({ fault, outcome }) => flaws(fault, outcome).length > 0).length
}

async function tryFault(fault: Fault): Promise<Tried> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await fault.run()
    const found = flaws(fault, outcome)
    const isOnlyLate = found.length === 1 && outcome.slowest > outcome.limit
    if (isOnlyLate && attempt < ATTEMPTS) continue
    console.error(
      `${fault.id}: ${found.join('; ') || 'held'}${attempt > 1 ? `, ${attempt} times` : ''}`,
    )
    return { fault, outcome }
  }
}

function print(header: readonly string[], rows: readonly (readonly string[])[]): void {
  if (rows.length > 0) console.log(`${table(header, rows)}\n`)
}

void main()
