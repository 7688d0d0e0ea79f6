import {
  askRedis,
  eventually,
  startRedisCluster,
  type RedisCluster,
} from '@countersign/test-servers'
import { redisReplayStore, type RedisReplayStore } from '../src'
import { CLIENTS, CLUSTER_CLIENTS, type Connection } from './clients'
import { describeWithRedis, inAMinute, newKey } from './with-redis'

describeWithRedis('a store in a Redis Cluster', () => {
  let cluster: RedisCluster
  const connections: Connection[] = []
  const stores = new Map<string, readonly RedisReplayStore[]>()
  beforeAll(async () => {
    cluster = await startRedisCluster()
    for (const [name, open] of CLUSTER_CLIENTS) {
      const opened = [await open(cluster.nodes[0]!.url), await open(cluster.nodes[1]!.url)]
      connections.push(...opened)
      stores.set(
        name,
        opened.map(({ options }) => redisReplayStore(options)),
      )
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

  it.each(CLUSTER_CLIENTS)('takes and frees a key on each node, with %s', async (name) => {
    const [{ claim, has, leases }, peer] = stores.get(name) as [RedisReplayStore, RedisReplayStore] // two
    for (const node of cluster.nodes.keys()) {
      const key = await keyOn(node)
      expect(await claim(key, inAMinute(), 'one')).toBe(true)
      expect([await peer.claim(key, inAMinute(), 'other'), await peer.has(key)]).toEqual([
        false,
        true,
      ])
      expect(await peer.unclaim(key, 'one')).toBe(true)
      expect(await leases.reserve(key, { owner: 'one', duration: 60_000 })).toBe('free')
      expect([await peer.leases.look(key), await has(key)]).toEqual(['leased', true])
      expect(await leases.release(key, 'one')).toBe(true)
      expect(await leases.reserve(key, { owner: 'two', duration: 60_000 })).toBe('free')
      expect(await peer.leases.commit(key, { owner: 'two', expiresAt: inAMinute() })).toBe(true)
      expect(await leases.look(key)).toBe('used')
    }
  })

  it.each(CLUSTER_CLIENTS)('gives each of 50 keys to one of 32 claims, with %s', async (name) => {
    const keys = Array.from({ length: 50 }, newKey)
    const racers = keys.flatMap((key) =>
      Array.from({ length: 32 }, async (_, racer) =>
        (await stores.get(name)![racer % 2]!.claim(key, inAMinute())) ? [key] : [],
      ),
    )
    expect((await Promise.all(racers)).flat().toSorted()).toEqual(keys.toSorted())
  })

  it.each(CLUSTER_CLIENTS)('can be checked, with %s', async (name) => {
    expect(await stores.get(name)![0]!.check()).toMatchObject({ role: 'master' })
  })

  it.each(CLUSTER_CLIENTS.filter(([name]) => name.startsWith('ioredis')))(
    'refuses `waitReplicas` when it is checked, with %s',
    async (name, open) => {
      const connection = await open(cluster.nodes[0]!.url)
      connections.push(connection)
      const { check } = redisReplayStore({ ...connection.options, waitReplicas: 1 })
      await expect(check()).rejects.toMatchObject({
        reason: 'option_invalid',
        message: expect.stringContaining('`waitReplicas` does not work in a cluster') as string, // its own type is any
      })
    },
  )

  describe('that has lost a node', () => {
    const keys: string[] = []
    beforeAll(async () => {
      for (const node of cluster.nodes.keys()) keys.push(await keyOn(node))
      await stores.get('redis 6')![0]!.claim(keys[0]!, inAMinute())
      cluster.nodes[2]!.kill('SIGKILL')
      await eventually(async () =>
        (await askRedis(cluster.nodes[0]!.port, 'CLUSTER NODES')).includes('master,fail '),
      )
    })

    it.each(CLUSTER_CLIENTS)('answers for the other slots, with %s', async (name) => {
      const { claim } = stores.get(name)![0]!
      // it rejects, or does not answer: ioredis looks for another node until its caller gives up
      const answers: boolean[] = []
      claim(keys[2]!, inAMinute()).then(
        (answer) => answers.push(answer),
        () => undefined,
      )
      expect(await claim(keys[0]!, inAMinute())).toBe(false)
      expect(await claim(await keyOn(0), inAMinute())).toBe(true)
      expect(await claim(await keyOn(1), inAMinute())).toBe(true)
      expect(answers).toEqual([])
    })

    it('rejects with CLUSTERDOWN where the cluster wants all its slots', async () => {
      const { port } = cluster.nodes[0]!
      await askRedis(port, 'CONFIG SET cluster-require-full-coverage yes')
      await askRedis(port, 'CLUSTER DELSLOTS 0') // it looks at its state again
      await eventually(async () =>
        (await askRedis(port, 'CLUSTER INFO')).includes('cluster_state:fail'),
      )
      const connection = await CLIENTS[0]![1](cluster.nodes[0]!.url)
      connections.push(connection)
      const { claim, has } = redisReplayStore(connection.options)
      await expect(claim(keys[0]!, inAMinute())).rejects.toThrow('CLUSTERDOWN')
      await expect(has(keys[0]!)).rejects.toThrow('CLUSTERDOWN')
    })
  })
})
