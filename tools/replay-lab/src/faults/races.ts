import { startRedisCluster } from '@countersign/test-servers'
import { memoryReplayStore } from '@countersign/core'
import { faultsOn, WELL, type Fault, type Row, type Site } from '../fault'
import { forkApps } from '../processes'
import { ONE_OF_EACH, postgresSite, REDIS, TABLE } from '../sites'
import { openRedis, type RedisClient, type StorePlan } from '../stores'
import type { Trial } from '../trial'

interface Ground extends Site {
  readonly plan: StorePlan
}

/** Requests at the same time with each link. */
const RACERS = 64
const PROCESSES = 4
const LEASE = { lease: 30 } // seconds; no handler here takes as long

/** All requests with a link at once, spread over the processes; link after link. */
export function races(links: number): readonly Fault[] {
  const make = async (trial: Trial): Promise<void> => trial.race(await trial.fresh(links), RACERS)
  function row(id: string, winners: number, more: Pick<Row<Ground>, 'name' | 'apps'>): Row<Ground> {
    const losers = RACERS - winners
    const expected = { accepted: winners * links, token_replayed: losers * links }
    return { id, expected, app: WELL, make, ...more }
  }
  const name = `${RACERS} requests at once, ${links} links`
  const shared = [undefined, LEASE].map((consume) => {
    const [id, mode] = consume ? ['race-lease', 'lease'] : ['race', 'burn']
    const apps = ({ plan }: Ground) => forkApps(PROCESSES, { store: plan, consume })
    return row(id, 1, { name: `${name}, ${PROCESSES} processes (${mode})`, apps })
  })
  const one = [undefined, LEASE].map((consume) => ({
    ...row(`race-alone${consume ? '-lease' : ''}`, 1, { name: `${name}, one process` }),
    app: { ...WELL, consume },
  }))
  const unshared: Row<Ground> = {
    ...row('race-unshared', PROCESSES, {
      name: `${name}, ${PROCESSES} processes with a store each`,
      apps: ({ plan }) => forkApps(PROCESSES, { store: plan }),
    }),
    verdict: 'lost',
  }
  return [...faultsOn(MEMORY, [...one, unshared]), ...faultsOn(SHARED, shared)]
}

const MEMORY = {
  async memory(): Promise<Ground> {
    return {
      plan: { kind: 'memory' },
      store: memoryReplayStore(),
      close: async () => undefined,
    }
  },
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

const SHARED: Readonly<Record<string, () => Promise<Ground>>> = {
  ...REDIS,
  ...ONE_OF_EACH,
  'pg, 4 partitions': () => postgresSite({ before: PARTITIONS }),
  'ioredis, cluster': () => clusterSite('ioredis'),
}

export interface ClusterSite extends Ground {
  readonly nodes: Awaited<ReturnType<typeof startRedisCluster>>['nodes']
}

export async function clusterSite(client: RedisClient): Promise<ClusterSite> {
  const cluster = await startRedisCluster()
  const { port } = cluster.nodes[0]! // of three
  const plan = { kind: 'redis', client, port, cluster: true } as const
  const { store, close } = await openRedis(plan)
  return {
    ...{ plan, store, nodes: cluster.nodes },
    async close() {
      await close()
      await cluster.stop()
    },
  }
}
