import { do_not_optimize, measure } from 'mitata'
import { cases, type Case } from './cases'
import { answer } from './in-worker'
import type { Contender } from './peers'
import type { Sample, Samples } from './samples'

/** How long to measure. */
export interface VerifySettings {
  readonly warmUp: boolean
  /** Each contender runs once a round, the order turning from round to round. */
  readonly rounds: number
  /** Milliseconds for one contender in one round. */
  readonly time: number
  /** Verifications between two looks at the clock. Long ones pay for their own garbage. */
  readonly batch: number
}

/** What one contender needed, in nanoseconds of processor time a verification, round by round. */
export interface Timing {
  readonly name: string
  readonly rounds: readonly number[]
}

async function run(name: string, settings: VerifySettings): Promise<readonly Timing[]> {
  const chosen = cases[name]
  if (!chosen) throw new Error(`There is no case called "${name}"`)
  const samples = await chosen.samples()
  for (const contender of chosen.contenders) await assertSound(contender, samples)
  return time(chosen, samples.good, settings)
}

/** A verifier that accepts too much or too little is not worth timing. */
async function assertSound(contender: Contender, { good, bad }: Samples): Promise<void> {
  const verify = contender.start()
  for (const sample of good) {
    if (!(await isAccepted(contender, () => verify(sample)))) {
      throw new Error(`${contender.name} refuses a good credential: ${sample.target}`)
    }
  }
  for (const [what, sample] of Object.entries(bad)) {
    if (await isAccepted(contender, () => verify(sample))) {
      throw new Error(`${contender.name} accepts a credential that is ${what}`)
    }
  }
}

async function isAccepted(contender: Contender, verify: () => unknown): Promise<boolean> {
  try {
    return contender.accepts(await verify())
  } catch {
    return false
  }
}

async function time(
  { contenders, oneTime }: Case,
  samples: readonly Sample[],
  { warmUp, rounds, time: milliseconds, batch }: VerifySettings,
): Promise<readonly Timing[]> {
  const runners = contenders.map((contender) => {
    return {
      name: contender.name,
      run: runner(contender, { samples, oneTime }),
      rounds: [] as number[],
    }
  })
  const options = {
    min_cpu_time: milliseconds * 1e6,
    min_samples: 5,
    batch_samples: batch,
    now: processorTime,
  }
  if (warmUp) for (const each of runners) await measure(each.run, { ...options })
  for (let round = 0; round < rounds; round++) {
    for (const each of round % 2 ? runners.toReversed() : runners) {
      const { avg } = await measure(each.run, { ...options }) // it writes into what it is given
      each.rounds.push(avg)
    }
  }
  return runners.map(({ name, rounds: timings }) => ({ name, rounds: timings }))
}

/** In nanoseconds. Unlike the time of day, it does not depend on what else the machine does. */
function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) * 1000
}

interface Input {
  readonly samples: readonly Sample[]
  readonly oneTime: boolean
}

/** Takes one sample after another. For one-time credentials it begins again with a new verifier. */
function runner(contender: Contender, { samples, oneTime }: Input): () => unknown {
  let verify = contender.start()
  let index = 0
  return () => {
    if (index === samples.length) {
      index = 0
      if (oneTime) verify = contender.start()
    }
    const outcome = verify(samples[index++] as Sample) // within bounds
    do_not_optimize(outcome)
    return outcome
  }
}

const [name = '', settings = ''] = process.argv.slice(2)
void answer(run(name, JSON.parse(settings) as VerifySettings)) // as verify-bench.ts wrote it
