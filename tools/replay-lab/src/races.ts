import { PATIENT } from './app'
import { startChild, type Child } from './child'
import { forkApps } from './fleet'
import { signLinks, type Link } from './links'
import type { StorePlan } from './stores'
import { newVisitor, sum, tally, type Tally, type Visitor } from './visitor'

/** Many want the same link at the same moment. */
export interface Race {
  readonly store: StorePlan
  /** Processes of the application. */
  readonly apps: number
  /** Processes that the racers are spread over; 0 for this one. @default 0 */
  readonly crews?: number | undefined
  /** For each link. */
  readonly racers: number
  readonly links: number
  /** Seconds, for a race with leases. */
  readonly lease?: number | undefined
}

export interface RaceResult {
  readonly requests: number
  /** How many links had how many winners: `{ '1': 1000 }` is what it has to be. */
  readonly winners: Tally
  /** How often handlers ran to success, over all processes, beyond once for each link. */
  readonly replays: number
  readonly codes: Tally
  readonly seconds: number
  readonly unhandled: number
}

/** One link, and who races for it. */
export interface Heat {
  readonly ports: readonly number[]
  readonly racers: number
  readonly link: Link
}

/** What a process of racers tells of a heat. */
export interface FromRacer {
  readonly codes: Tally
}

interface Crew {
  run(heat: Heat): Promise<Tally>
  leave(): Promise<void>
}

/** Starts the apps, and sends all racers of a link at once, spread over the apps; link after link. */
export async function runRace(race: Race): Promise<RaceResult> {
  const { store, racers, links, lease } = race
  const apps = await forkApps(race.apps, {
    store,
    storeDeadline: PATIENT,
    consume: lease === undefined ? undefined : { lease },
  })
  const crews = race.crews ? Array.from({ length: race.crews }, processCrew) : [ownCrew()]
  try {
    const began = performance.now()
    const heat = { ports: apps.map(({ port }) => port), racers: racers / crews.length }
    const results: Tally[] = []
    for (const link of await signLinks(links)) {
      results.push(sum(await Promise.all(crews.map((crew) => crew.run({ ...heat, link })))))
    }
    const seconds = (performance.now() - began) / 1_000
    const successes = Object.values(sum(await Promise.all(apps.map((app) => app.successes()))))
    const unhandled = await Promise.all(apps.map((app) => app.unhandled()))
    return {
      requests: racers * links,
      winners: sum(results.map((codes) => ({ [codes['accepted'] ?? 0]: 1 }))),
      replays: total(successes) - successes.length,
      codes: sum(results),
      seconds,
      unhandled: total(unhandled),
    }
  } finally {
    await Promise.all([...crews.map((crew) => crew.leave()), ...apps.map((app) => app.close())])
  }
}

function ownCrew(): Crew {
  const visitor = newVisitor()
  return {
    run: (heat) => runHeat(heat, visitor),
    leave: async () => visitor.leave(),
  }
}

/** All at once. */
export async function runHeat({ ports, racers, link }: Heat, visitor: Visitor): Promise<Tally> {
  const posts = Array.from(
    { length: racers },
    (_, racer) => visitor.post(ports[racer % ports.length]!, link), // the rest of a division
  )
  return tally(await Promise.all(posts))
}

function processCrew(): Crew {
  const child: Child<Heat, FromRacer> = startChild('racer-process')
  return {
    async run(heat) {
      const heard = child.heard(({ codes }) => codes)
      child.tell(heat)
      return heard
    },
    leave: () => child.end('SIGTERM'),
  }
}

function total(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0)
}
