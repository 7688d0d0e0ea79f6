import { askRedis, eventually } from '@countersign/test-servers'
import { startApp } from '../app'
import { faultsOn, type Fault, type Row } from '../fault'
import type { Link } from '../links'
import { redisSite, SAFE, type RedisSite } from '../sites'
import type { RedisClient } from '../stores'
import type { Trial } from '../trial'
import { clusterSite, type ClusterSite } from './races'

const CLIENTS: readonly RedisClient[] = ['ioredis', 'node-redis']

/** Rows at a site for each client. */
function withEach<S extends RedisSite | ClusterSite>(
  open: (client: RedisClient) => Promise<S>,
  rows: readonly Row<S>[],
): readonly Fault[] {
  return faultsOn(Object.fromEntries(CLIENTS.map((client) => [client, () => open(client)])), rows)
}

const ERRORS: readonly Row<RedisSite>[] = [
  {
    id: 'oom',
    name: 'OOM: memory full, nothing evicted',
    expected: { store_unavailable: 10, token_replayed: 5 },
    async make(trial, { order }) {
      await trial.tryBoth(() => order('CONFIG SET maxmemory 1'))
      await order('CONFIG SET maxmemory 0')
    },
  },
  {
    id: 'noauth',
    name: 'NOAUTH: a password that the app does not know',
    expected: { store_unavailable: 15 },
    async make(trial, { order }) {
      await trial.tryBoth(() =>
        order('CONFIG SET requirepass changed', 'CLIENT KILL TYPE normal SKIPME yes'),
      )
      await order('AUTH changed', 'CONFIG SET requirepass ""')
    },
  },
]

const SLOW_TO_LOAD = [
  ...['--enable-debug-command', 'yes', '--key-load-delay', '2000'],
  ...['--loading-process-events-interval-bytes', '1024'],
]

/** It has read everything some day. */
const LOADING: Row<RedisSite> = {
  id: 'loading',
  name: 'LOADING: started again, with much to read',
  expected: { store_unavailable: 15 },
  async make(trial, { order, ask, kill, restart }) {
    await order('DEBUG POPULATE 1500 filler 100', 'BGREWRITEAOF')
    await eventually(async () =>
      (await ask('INFO persistence')).includes('aof_rewrite_in_progress:0'),
    )
    await trial.tryBoth(async () => {
      await kill()
      await restart('Loading RDB')
    })
  },
}

const CRASH: Row<RedisSite> = {
  id: 'crash',
  name: 'crash, appendfsync always',
  expected: { token_replayed: 10 },
  async make(trial, { kill, restart }) {
    const links = await trial.used(10)
    await kill()
    await restart()
    await trial.decided(links)
  },
}

const FORGETFUL_CRASH = { ...CRASH, expected: { accepted: 10 }, verdict: 'lost' } as const

/** Entries of a replay store have an expiry, those of others have none here. */
const EVICTION: Row<RedisSite> = {
  id: 'eviction',
  name: 'eviction (volatile-lru)',
  expected: { accepted: 10 },
  verdict: 'lost',
  async make(trial, { order, ask }) {
    const links = await trial.used(10)
    await order('DEBUG POPULATE 30000 filler 100')
    await ask('SET one more') // evicts, and is refused when nothing is left to evict
    await order('CONFIG SET maxmemory 0')
    await trial.decided(links)
  },
}

const CROWDED = [
  ...['--maxmemory', '2mb', '--maxmemory-policy', 'volatile-lru'],
  ...['--enable-debug-command', 'yes'],
]

const SHARD: Row<ClusterSite> = {
  id: 'shard',
  name: 'one shard of three frozen: its links are refused, the others go on',
  expected: { store_unavailable: 15, token_replayed: 5, accepted: 10 },
  async make(trial, { nodes }) {
    const links = await linksOnBothSides(trial, nodes)
    await trial.post(links.slice(0, 10)) // five on each side
    nodes[1]!.kill('SIGSTOP')
    await trial.during(links)
    nodes[1]!.kill('SIGCONT')
  },
}

/** Fifteen links on the second of three nodes and fifteen elsewhere, in turns. */
async function linksOnBothSides(
  trial: Trial,
  [node]: ClusterSite['nodes'],
): Promise<readonly Link[]> {
  const keys: string[] = []
  const replayStore = {
    ...{ durable: false, has: () => false },
    claim: (key: string) => keys.push(key) > 0,
  }
  const spy = await startApp({ replayStore })
  const sides = { inside: [] as Link[], outside: [] as Link[] }
  for (const link of await trial.fresh(200)) {
    await trial.post([link], spy)
    const reply = await askRedis(node!.port, `CLUSTER KEYSLOT countersign:${keys.at(-1)}`)
    const slot = Number(reply.slice(1))
    sides[slot >= SECOND.from && slot <= SECOND.to ? 'inside' : 'outside'].push(link)
  }
  await spy.close()
  return sides.inside.slice(0, 15).flatMap((link, index) => [link, sides.outside[index]!]) // of so many
}

/** The slots of the second node. */
const SECOND = { from: 5_461, to: 10_922 }

export const redisFaults: readonly Fault[] = [
  ...withEach(redisSite, ERRORS),
  ...withEach((client) => redisSite(client, [...SAFE, ...SLOW_TO_LOAD]), [LOADING]),
  ...withEach(clusterSite, [SHARD]),
  ...faultsOn({ ioredis: () => redisSite('ioredis') }, [CRASH]),
  ...faultsOn({ ioredis: () => redisSite('ioredis', []) }, [
    { ...FORGETFUL_CRASH, id: 'crash-nothing-kept', name: 'crash without persistence' },
  ]),
  ...faultsOn({ ioredis: () => redisSite('ioredis', ['--save', '3600 1']) }, [
    { ...FORGETFUL_CRASH, id: 'crash-snapshots', name: 'crash, snapshots only (save 3600 1)' },
  ]),
  ...faultsOn({ ioredis: () => redisSite('ioredis', CROWDED) }, [EVICTION]),
]
