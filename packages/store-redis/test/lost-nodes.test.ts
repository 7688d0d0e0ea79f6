import { askRedis, eventually, startRedisCluster } from '@countersign/test-servers'
import type { RedisCluster } from '@countersign/test-servers'
import { redisReplayStore, type RedisReplayStore } from '../src'
import { CLIENTS, CLUSTER_CLIENTS, type Connection } from './clients'
import { describeWithRedis, newKey } from './with-redis'

const soon = (): number => Date.now() + 60_000

/** A key that is kept by the node with this number. */
async function keyOn(cluster: RedisCluster, node: number): Promise<string> {
  return eventually(async () => {
    const key = newKey()
    const slot = await askRedis(cluster.nodes[0]!.port, `CLUSTER KEYSLOT countersign:${key}`)
    return Math.floor(Number(slot.slice(1)) / 5461.4) === node && key
  })
}

/** A cluster that loses its third node. The first of the keys, one for each node, is used. */
function withLostNode(clients: typeof CLIENTS, coverage: 'yes' | 'no') {
  const connections: Connection[] = []
  const stores = new Map<string, RedisReplayStore>()
  let cluster: RedisCluster
  const keys: string[] = []
  beforeAll(async () => {
    cluster = await startRedisCluster({ args: ['--cluster-require-full-coverage', coverage] })
    for (const node of cluster.nodes.keys()) keys.push(await keyOn(cluster, node))
    for (const [name, open] of clients) {
      const connection = await open(cluster.nodes[0]!.url)
      connections.push(connection)
      stores.set(name, redisReplayStore(connection.options))
    }
    const [first] = stores.values()
    expect(await first!.claim(keys[0]!, soon())).toBe(true)
    cluster.nodes[2]!.kill('SIGKILL')
    await eventually(async () =>
      (await askRedis(cluster.nodes[0]!.port, 'CLUSTER NODES')).includes('master,fail '),
    )
  })
  afterAll(async () => {
    connections.forEach((connection) => connection.close())
    await cluster.stop()
  })
  return {
    keys,
    store: (name: string) => stores.get(name)!,
    keyOn: (node: number) => keyOn(cluster, node),
  }
}

describeWithRedis('the store in a cluster that lost a node and wants all slots', () => {
  const lost = withLostNode(CLIENTS, 'yes')

  it.each(CLIENTS)('rejects with CLUSTERDOWN, through %s', async (name) => {
    const { claim, has, leases } = lost.store(name)
    await expect(claim(lost.keys[0]!, soon())).rejects.toThrow('CLUSTERDOWN')
    await expect(has(lost.keys[0]!)).rejects.toThrow('CLUSTERDOWN')
    await expect(leases.look(lost.keys[0]!)).rejects.toThrow('CLUSTERDOWN')
    await expect(claim(await lost.keyOn(0), soon())).rejects.toThrow('CLUSTERDOWN')
  })
})

describeWithRedis('the store in a cluster that lost a node and goes on', () => {
  const lost = withLostNode(CLUSTER_CLIENTS, 'no')

  it.each(CLUSTER_CLIENTS)('answers for the other slots, through %s', async (name) => {
    const { claim } = lost.store(name)
    const [first, , third] = lost.keys
    // refused, or no answer: ioredis looks for another node until its caller gives up
    const answers: boolean[] = []
    claim(third!, soon()).then(
      (answer) => answers.push(answer),
      () => undefined,
    )
    expect(await claim(first!, soon())).toBe(false)
    expect(await claim(await lost.keyOn(0), soon())).toBe(true)
    expect(await claim(await lost.keyOn(1), soon())).toBe(true)
    expect(answers).toEqual([])
  })
})
