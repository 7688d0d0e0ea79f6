import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { flaws, show, type Fault } from './fault'
import { failoverFaults } from './faults/failover'
import { handlerFaults } from './faults/handler'
import { postgresFaults } from './faults/postgres'
import { races } from './faults/races'
import { redisFaults } from './faults/redis'
import { serverFaults } from './faults/server'
import { timeFaults } from './faults/time'

/** How often a fault is run while its only flaw is a late answer: the machine may be busy. */
const ATTEMPTS = 10

/** Prints a row for each fault, and fails where one did not hold. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      links: { type: 'string', default: '100' },
    },
  })
  process.env['COUNTERSIGN_DEBUG'] ??= '0' // thousands of refusals are wanted here
  console.log(`Node ${process.version}, ${cpus().length} cores, ${new Date().toISOString()}\n`)
  const all: readonly Fault[] = [
    ...races(Number(values.links)),
    ...serverFaults,
    ...redisFaults,
    ...failoverFaults,
    ...postgresFaults,
    ...timeFaults,
    ...handlerFaults,
  ]
  let count = 0
  let broken = 0
  for (const fault of all.filter(({ id }) => id.includes(values.only))) {
    count++
    if (!(await tryFault(fault))) broken++
  }
  console.log(`\n${count} faults: ${broken === 0 ? 'all held' : `${broken} did not hold`}.`)
  process.exitCode = broken === 0 && count > 0 ? 0 : 1
}

/** @returns whether it held */
async function tryFault(fault: Fault): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    const began = performance.now()
    const outcome = await fault.run()
    const found = flaws(fault, outcome)
    const isOnlyLate = found.length === 1 && outcome.slowest > fault.limit
    if (isOnlyLate && attempt < ATTEMPTS) continue
    const result = fault.verdict === 'lost' ? 'lost by design' : 'held'
    const cells = [
      ...[fault.id, fault.name, show(outcome.during), `${outcome.requests} requests`],
      ...[`${outcome.replays} replays`, `slowest ${Math.ceil(outcome.slowest)} ms`],
      `${((performance.now() - began) / 1_000).toFixed(1)} s`,
      found.length > 0 ? `BROKEN: ${found.join('; ')}` : result,
    ]
    console.log(`| ${cells.join(' | ')} |`)
    return found.length === 0
  }
}

void main()
