import { startPostgres, startRedis, startRedisCluster } from '@countersign/test-servers'
import { TABLE, withAdmin } from './faults/postgres'
import { SAFE } from './redis-box'
import { runRace, type Race, type RaceResult } from './races'
import { migrate } from './sites'
import type { RedisClient, StorePlan } from './stores'

/** A race to run. */
export interface Track extends Omit<Race, 'store' | 'racers' | 'links'> {
  readonly id: string
  readonly store: string
  /** How many winners each link has to have: more than one where processes do not share a store. */
  readonly winners: number
  open(): Promise<Ground>
}

/** A store for a race, and its server. */
interface Ground {
  readonly plan: StorePlan
  stop(): Promise<void>
}

const memory = async (): Promise<Ground> => ({ plan: { kind: 'memory' }, stop: async () => {} })

const redis = (client: RedisClient) => async (): Promise<Ground> => {
  const server = await startRedis({ args: SAFE })
  return { plan: { kind: 'redis', client, port: server.port }, stop: () => server.stop() }
}

const cluster = async (): Promise<Ground> => {
  const { nodes, stop } = await startRedisCluster()
  return { plan: { kind: 'redis', client: 'ioredis', port: nodes[0]!.port, cluster: true }, stop } // one of three
}

const postgres = (prepare: readonly string[]) => async (): Promise<Ground> => {
  const server = await startPostgres()
  await withAdmin(server, async (admin) => {
    for (const statement of prepare) await admin.query(statement)
  })
  await migrate(server.url)
  return { plan: { kind: 'postgres', url: server.url }, stop: () => server.stop() }
}

/** The store's own table, in four partitions. They are made before it is asked to make it. */
const PARTITIONS: readonly string[] = [
  `CREATE TABLE ${TABLE} (
    key bytea PRIMARY KEY CHECK (octet_length(key) = 32),
    owner text NOT NULL, leased boolean NOT NULL, expires_at timestamptz NOT NULL
  ) PARTITION BY HASH (key)`,
  ...[0, 1, 2, 3].map(
    (part) =>
      `CREATE TABLE ${TABLE}_${part} PARTITION OF ${TABLE} FOR VALUES WITH (MODULUS 4, REMAINDER ${part})`,
  ),
]

/** Seconds; no handler here takes as long. */
const LEASE = 30

const one = { winners: 1 }

export const TRACKS: readonly Track[] = [
  { ...one, id: 'memory-1', store: 'memory', apps: 1, open: memory },
  { ...one, id: 'memory-1-4', store: 'memory', apps: 1, crews: 4, open: memory },
  { ...one, id: 'memory-lease', store: 'memory', apps: 1, lease: LEASE, open: memory },
  { id: 'memory-4', store: 'memory, one each', apps: 4, winners: 4, open: memory },
  { ...one, id: 'redis-1', store: 'Redis, ioredis', apps: 1, open: redis('ioredis') },
  { ...one, id: 'redis-4', store: 'Redis, ioredis', apps: 4, open: redis('ioredis') },
  { ...one, id: 'node-redis-4', store: 'Redis, node-redis', apps: 4, open: redis('node-redis') },
  {
    ...one,
    id: 'redis-lease',
    store: 'Redis, ioredis',
    apps: 4,
    lease: LEASE,
    open: redis('ioredis'),
  },
  { ...one, id: 'cluster-4', store: 'Redis Cluster, ioredis', apps: 4, open: cluster },
  { ...one, id: 'postgres-1', store: 'Postgres, pg', apps: 1, open: postgres([]) },
  { ...one, id: 'postgres-4', store: 'Postgres, pg', apps: 4, open: postgres([]) },
  {
    ...one,
    id: 'postgres-lease',
    store: 'Postgres, pg',
    apps: 4,
    lease: LEASE,
    open: postgres([]),
  },
  {
    ...one,
    id: 'postgres-parts',
    store: 'Postgres, pg, 4 partitions',
    apps: 4,
    open: postgres(PARTITIONS),
  },
]

/** Runs it with a server of its own. */
export async function runTrack(
  { open, ...track }: Track,
  { racers, links }: Pick<Race, 'racers' | 'links'>,
): Promise<RaceResult> {
  const { plan, stop } = await open()
  try {
    return await runRace({ ...track, store: plan, racers, links })
  } finally {
    await stop()
  }
}

/** What differs from the expected result of a race; empty where nothing does. */
export function raceFlaws(
  { winners }: Track,
  links: number,
  result: RaceResult,
): readonly string[] {
  const { codes, replays, unhandled } = result
  const odd = Object.keys(codes).filter((code) => !KNOWN.includes(code))
  return [
    ...(result.winners[winners] === links ? [] : ['another number of winners']),
    ...(replays === (winners - 1) * links ? [] : [`${replays} replays`]),
    ...(odd.length > 0 ? [`answered ${odd.join(', ')}`] : []),
    ...(unhandled > 0 ? [`${unhandled} unhandled rejections`] : []),
  ]
}

/** The losers were too late, or while the winner's handler ran. */
const KNOWN = ['accepted', 'token_replayed', 'nonce_in_progress']
