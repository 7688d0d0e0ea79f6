import { askRedis, startRedisCluster } from '@countersign/test-servers'
import { startApp } from '../app'
import { replayKeyOf, signLink, type Link } from '../links'
import type { Fault } from '../outcome'
import { openRedis, type RedisClient } from '../stores'
import { runTrial } from '../trial'

const PREFIX = 'lab:'

/** The shard that is stopped: the slots from here to there. */
const SHARD = { from: 5_461, to: 10_922 }

export const clusterFaults: readonly Fault[] = (['ioredis', 'node-redis'] as const).map(
  (client) => ({
    id: `shard-${client}`,
    name: 'one shard of three frozen: its links are refused, the others go on',
    store: `Redis Cluster, ${client}`,
    // used and fresh ones, on each side
    expected: { token_replayed: 5, accepted: 10, store_unavailable: 15 },
    run: () => stopShard(client),
  }),
)

async function stopShard(client: RedisClient): ReturnType<Fault['run']> {
  const cluster = await startRedisCluster()
  const [{ port }, shard] = cluster.nodes as [{ port: number }, (typeof cluster.nodes)[number]] // of three
  const plan = { kind: 'redis', client, port, cluster: true, prefix: PREFIX } as const
  const { store, close } = await openRedis(plan)
  try {
    return await runTrial([await startApp({ store })], async (trial) => {
      const used = await linksOnBothSides(port, 5)
      const fresh = await linksOnBothSides(port, 10)
      await trial.post(used)
      shard.kill('SIGSTOP')
      await trial.during([...used, ...fresh])
      shard.kill('SIGCONT')
    })
  } finally {
    await close()
    await cluster.stop()
  }
}

/** As many links on the shard as elsewhere. */
async function linksOnBothSides(port: number, count: number): Promise<readonly Link[]> {
  const sides = { inside: [] as Link[], outside: [] as Link[] }
  while (sides.inside.length < count || sides.outside.length < count) {
    const link = await signLink()
    const slot = await slotOf(port, link)
    const side = slot >= SHARD.from && slot <= SHARD.to ? sides.inside : sides.outside
    if (side.length < count) side.push(link)
  }
  return [...sides.inside, ...sides.outside]
}

async function slotOf(port: number, link: Link): Promise<number> {
  const reply = await askRedis(port, `CLUSTER KEYSLOT ${PREFIX}${await replayKeyOf(link)}`)
  return Number(reply.slice(1))
}
