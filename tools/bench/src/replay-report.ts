import type { ClaimRates } from './claim-race'
import type { ReplayResults } from './replay-bench'
import type { MemoryResult } from './replay-memory'
import type { RedisResult } from './replay-redis'
import { median, ratio, spread, table } from './table'

/** Claims a second of the stores on a server, beside the barest command that could do it. */
export function reportClaims({ redis, postgres }: ReplayResults): string {
  const through = [
    ...redis.flatMap(({ client, races }) => races.map((race) => ({ client, race }))),
    ...postgres.map((race) => ({ client: 'pg 8', race })),
  ]
  const rows = through.flatMap(({ client, race }) =>
    race.map(({ name, inFlight, rounds, cpu }, index) => [
      index ? '' : client,
      String(inFlight),
      name,
      median(rounds).toFixed(0),
      spread(rounds, 0),
      ofBare(race, { name, rounds }).toFixed(2),
      median(cpu).toFixed(1),
    ]),
  )
  const head = ['in flight', 'claimed by', 'claims/s', 'lowest - highest', 'of bare', 'CPU µs']
  return table(['through', ...head], rows)
}

function ofBare(race: readonly ClaimRates[], one: Pick<ClaimRates, 'name' | 'rounds'>): number {
  return ratio(one.rounds, race[1]?.rounds ?? []) // the second is the bare one
}

/** The memory store from its smallest size to its largest. */
export function reportMemory({ memory }: ReplayResults): string {
  const rows = memory.map(({ entries, claims, checks, bytes }) => [
    entries.toLocaleString('en'),
    median(claims.store).toFixed(0),
    median(claims.map).toFixed(0),
    ratio(claims.store, claims.map).toFixed(2),
    median(checks.store).toFixed(0),
    median(checks.map).toFixed(0),
    ratio(checks.store, checks.map).toFixed(2),
    bytes.toFixed(0),
  ])
  const head = [
    'ns a claim',
    'bare Map',
    'ratio',
    'ns a check',
    'bare Map',
    'ratio',
    'bytes an entry',
  ]
  return table(['entries', ...head], rows)
}

/** The figures that count: what, measured, aim. */
export function replayRatios(results: ReplayResults): string[][] {
  const { redis, postgres, memory } = results
  const largest = memory.at(-1)
  return [
    ...redis.flatMap((one) => redisRatios(one)),
    ...postgres.map((race) => raceRatio('pg 8', race, '')),
    ...(largest ? memoryRatios(memory, largest) : []),
  ]
}

function redisRatios({ client, races, cost }: RedisResult): string[][] {
  const commands = Object.entries(cost.commands).map(([name, times]) => `${times} ${name}`)
  return [
    [`${client}: round trips of a winning claim`, cost.roundTrips.toFixed(2), '1'],
    [`${client}: commands in a winning claim`, commands.join(', '), ''],
    ...races.map((race) => raceRatio(client, race, '>= 0.90')),
  ]
}

function raceRatio(client: string, race: readonly ClaimRates[], aim: string): string[] {
  const [ours, bare] = race
  const { name, inFlight, rounds } = ours! // the store runs first
  const what = `${client}, ${inFlight} in flight: ${name} / ${bare?.name}`
  return [what, ofBare(race, { name, rounds }).toFixed(2), aim]
}

function memoryRatios(memory: readonly MemoryResult[], largest: MemoryResult): string[][] {
  const smallest = memory[0] ?? largest
  const sizes = [largest, smallest].map(({ entries }) => entries.toLocaleString('en'))
  return (['claims', 'checks'] as const).flatMap((what) => {
    const grown = (who: 'store' | 'map'): string =>
      ratio(largest[what][who], smallest[what][who]).toFixed(2)
    const title = `${what} at ${sizes.join(' / at ')} entries`
    return [
      [`memory: ${title}`, grown('store'), 'flat'],
      [`bare Map: ${title}`, grown('map'), ''],
    ]
  })
}
