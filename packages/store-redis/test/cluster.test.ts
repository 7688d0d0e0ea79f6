import {
  askRedis,
  eventually,
  startRedisCluster,
  type RedisCluster,
} from '@countersign/test-servers'
import { redisReplayStore } from '../src'
import { CLUSTER_CLIENTS, type Connection } from './clients'
import { askEverything, race, type Pair } from './with-every-client'
import { describeWithRedis, newKey } from './with-redis'

describeWithRedis('a store in a Redis Cluster', () => {
  let cluster: RedisCluster
  const connections: Connection[] = []
  const stores: Record<string, Pair> = {}
  beforeAll(async () => {
    cluster = await startRedisCluster()
    for (const [name, open] of CLUSTER_CLIENTS) {
      const [one, two] = [await open(cluster.nodes[0]!.url), await open(cluster.nodes[1]!.url)]
      connections.push(one, two)
      stores[name] = [redisReplayStore(one.options), redisReplayStore(two.options)]
    }
  })
  afterAll(async () => {
    connections.forEach((connection) => connection.close())
    await cluster.stop()
  })

  /** A new key that is kept by the node with this number. */
  async function keyOn(node: number): Promise<string> {
    return eventually(async () => {
      const key = newKey()
      const slot = await askRedis(cluster.nodes[0]!.port, `CLUSTER KEYSLOT countersign:${key}`)
      return Math.floor(Number(slot.slice(1)) / 5461.4) === node && key
    })
  }

  it.each(CLUSTER_CLIENTS)('answers every question on each node, with %s', async (name) => {
    for (const node of cluster.nodes.keys()) await askEverything(stores[name]!, await keyOn(node))
    const { keys, given } = await race(stores[name]!)
    expect(given).toEqual(keys)
    expect(await stores[name]![0].check()).toMatchObject({ role: 'master' })
  })

  it('refuses `waitReplicas` when it is checked', async () => {
    const { check } = redisReplayStore({ ...connections[0]!.options, waitReplicas: 1 })
    await expect(check()).rejects.toMatchObject({
      reason: 'option_invalid',
      message: expect.stringContaining('`waitReplicas` does not work in a cluster') as string, // its own type is any
    })
  })
})
