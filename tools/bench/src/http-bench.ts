import autocannon from 'autocannon'
import { apps, type App } from './apps'
import { cases } from './cases'
import type { Samples } from './samples'
import { startServer, type RunningServer } from './server-process'

/** How long to measure. */
export interface HttpSettings {
  /** Once, and all at once: quick, and of no meaning. */
  readonly together: boolean
  readonly rounds: number
  /** What one server gets in one round: seconds, or requests. */
  readonly load: { readonly duration: number } | { readonly amount: number }
}

/** What one server did, round by round. */
export interface Throughput {
  readonly app: App
  /** Requests a second. */
  readonly rounds: readonly number[]
  /** Microseconds of the server's processor time for a request. */
  readonly cpu: readonly number[]
}

interface Lane {
  readonly app: App
  readonly server: RunningServer
  readonly samples: Samples
  readonly rounds: number[]
  readonly cpu: number[]
}

const CONNECTIONS = 32

/**
 * Every server in a process of its own. Those of a framework run side by side, one at a time under
 * load and never for long: a busy moment of the machine meets them all.
 */
export async function benchHttp(settings: HttpSettings): Promise<readonly Throughput[]> {
  const results: Throughput[] = []
  for (const framework of new Set(Object.values(apps).map((app) => app.framework))) {
    const group = Object.entries(apps).filter(([, app]) => app.framework === framework)
    results.push(...(await benchGroup(group, settings)))
  }
  return results
}

async function benchGroup(
  group: readonly (readonly [string, App])[],
  settings: HttpSettings,
): Promise<readonly Throughput[]> {
  const lanes: Lane[] = []
  try {
    for (const [name, app] of group) lanes.push(await openLane(name, app))
    for (const lane of lanes) await assertSound(lane)
    if (settings.together) await Promise.all(lanes.map((lane) => measure(lane, settings)))
    else await alternate(lanes, settings)
  } finally {
    for (const { server } of lanes) server.stop()
  }
  return lanes
}

/** Warms up, then measures round by round. */
async function alternate(lanes: readonly Lane[], settings: HttpSettings): Promise<void> {
  for (const lane of lanes) await load(lane, settings)
  for (let round = 0; round < settings.rounds; round++) {
    for (const lane of round % 2 ? lanes.toReversed() : lanes) await measure(lane, settings)
  }
}

async function measure(lane: Lane, settings: HttpSettings): Promise<void> {
  const { rate, cpu } = await load(lane, settings)
  lane.rounds.push(rate)
  lane.cpu.push(cpu)
}

async function openLane(name: string, app: App): Promise<Lane> {
  const { samples } = app.links === 'jwt' ? cases['seggwat-jwt']! : cases['featkit']!
  return { app, server: await startServer(name), samples: await samples(), rounds: [], cpu: [] }
}

/** A guard lets only valid credentials pass; a bare server lets all requests pass. */
async function assertSound({ app, server, samples }: Lane): Promise<void> {
  const { good, bad } = samples
  const bare = app.guard.endsWith('(bare)')
  const expected = [
    ...good.slice(0, 8).map(({ target }) => [target, 200] as const),
    ...Object.values(bad).map(({ target }) => [target, bare ? 200 : 401] as const),
  ]
  for (const [target, status] of expected) {
    const response = await fetch(server.origin + target)
    await response.arrayBuffer()
    if (response.status === status) continue
    throw new Error(`${app.framework} with ${app.guard} answers ${response.status} to ${target}`)
  }
}

async function load(lane: Lane, settings: HttpSettings): Promise<{ rate: number; cpu: number }> {
  const { app, server, samples } = lane
  const before = await server.cpu()
  const result = await autocannon({
    url: server.origin,
    connections: CONNECTIONS,
    ...settings.load,
    requests: samples.good.map(({ target }) => ({ method: 'GET', path: target })),
  })
  const answered = result['2xx']
  if (result.non2xx > 0 || result.errors > 0 || answered === 0) {
    throw new Error(`${app.framework} with ${app.guard} failed under load`)
  }
  return { rate: answered / result.duration, cpu: ((await server.cpu()) - before) / answered }
}
