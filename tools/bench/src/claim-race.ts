import type { Awaitable } from '@countersign/core'
import { randomBytes } from 'node:crypto'

/** How long to measure the replay stores. */
export interface ReplaySettings {
  /** How many entries the memory store has while it is measured. */
  readonly sizes: readonly number[]
  /** Claims of the memory store in one round, at least. */
  readonly operations: number
  readonly rounds: number
  /** Claims of one contender in one round, on a server: with many in flight, and one after another. */
  readonly claims: { readonly many: number; readonly one: number }
}

/** Claims that wait for a server at once. */
export const IN_FLIGHT = 64

/** One way to take a key on a server. */
export interface Claimer {
  readonly name: string
  /** True for the first caller, false for all others. */
  claim(key: string, expiresAt: number): Awaitable<boolean>
}

export interface RaceSettings {
  readonly rounds: number
  /** Claims of each in one round. */
  readonly claims: number
  /** How many of them wait at once. */
  readonly inFlight: number
  /** Between two rounds, so that the server is as empty for each. */
  empty(): Promise<unknown>
}

/** What one claimer did, round by round. */
export interface ClaimRates {
  readonly name: string
  readonly inFlight: number
  /** Claims a second. */
  readonly rounds: readonly number[]
  /** Microseconds of this process's time for a claim. */
  readonly cpu: readonly number[]
}

/** The claimers take turns on one connection, in turned order; the first turn of each is not counted. */
export async function raceClaims(
  claimers: readonly Claimer[],
  settings: RaceSettings,
): Promise<readonly ClaimRates[]> {
  const lanes = claimers.map((claimer) => ({
    claimer,
    rounds: [] as number[],
    cpu: [] as number[],
  }))
  for (const { claimer } of lanes) {
    await assertSound(claimer)
    await run(claimer, settings)
  }
  for (let round = 0; round < settings.rounds; round++) {
    for (const lane of round % 2 ? lanes.toReversed() : lanes) {
      const { rate, cpu } = await run(lane.claimer, settings)
      lane.rounds.push(rate)
      lane.cpu.push(cpu)
    }
  }
  const { inFlight } = settings
  return lanes.map(({ claimer: { name }, rounds, cpu }) => ({ name, inFlight, rounds, cpu }))
}

export function newKeys(count: number): string[] {
  const bytes = randomBytes(32 * count)
  return Array.from({ length: count }, (_, index) =>
    bytes.toString('base64url', 32 * index, 32 * (index + 1)),
  )
}

export function inAnHour(): number {
  return Date.now() + 3_600_000
}

async function assertSound({ name, claim }: Claimer): Promise<void> {
  const [key = ''] = newKeys(1)
  const answers = [await claim(key, inAnHour()), await claim(key, inAnHour())]
  if (answers[0] === true && answers[1] === false) return
  throw new Error(`${name} does not tell the first claim from the second`)
}

async function run(
  { name, claim }: Claimer,
  { claims, inFlight, empty }: RaceSettings,
): Promise<{ readonly rate: number; readonly cpu: number }> {
  await empty()
  const keys = newKeys(claims)
  const expiresAt = inAnHour()
  async function work(): Promise<void> {
    for (let key = keys.pop(); key !== undefined; key = keys.pop()) {
      if (!(await claim(key, expiresAt))) throw new Error(`${name} refuses a fresh key`)
    }
  }
  const [began, cpuBefore] = [performance.now(), process.cpuUsage()]
  await Promise.all(Array.from({ length: inFlight }, work))
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    rate: (claims / (performance.now() - began)) * 1000,
    cpu: (user + system) / claims,
  }
}
