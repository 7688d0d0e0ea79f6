import { replayStoreCases } from '@countersign/testing'
import { startRedisCluster, type RedisCluster } from '@countersign/test-servers'
import { redisReplayStore, type RedisReplayStore } from '../src'
import { CLUSTER_CLIENTS, type Connection } from './clients'
import { describeWithRedis, newKey } from './with-redis'

const soon = (): number => Date.now() + 60_000

describeWithRedis('the store in a Redis cluster', () => {
  let cluster: RedisCluster
  beforeAll(async () => {
    cluster = await startRedisCluster()
  })
  afterAll(() => cluster.stop())

  describe.each(CLUSTER_CLIENTS)('through %s', (_name, open) => {
    let connections: readonly Connection[]
    let stores: readonly RedisReplayStore[]
    beforeAll(async () => {
      connections = [await open(cluster.nodes[0]!.url), await open(cluster.nodes[2]!.url)]
      stores = connections.map(({ options }) => redisReplayStore(options))
    })
    afterAll(() => connections.forEach((connection) => connection.close()))

    const peer = (): RedisReplayStore => stores[1]!
    it.each(replayStoreCases(() => stores[0]!, { leases: true, peer }))('$name', ({ run }) =>
      expect(run()).resolves.toBeUndefined(),
    )

    it('has one winner for each of 50 keys, whichever node has it', async () => {
      const keys = Array.from({ length: 50 }, newKey)
      const racers = keys.flatMap((key) =>
        Array.from({ length: 64 }, async (_, racer) =>
          (await stores[racer % 2]!.claim(key, soon())) ? [key] : [],
        ),
      )
      expect((await Promise.all(racers)).flat().toSorted()).toEqual(keys.toSorted())
    })

    it('is checked', async () => {
      expect(await stores[0]!.check()).toMatchObject({ role: 'master', persistence: 'none' })
    })
  })

  it.each(CLUSTER_CLIENTS.filter(([name]) => name.startsWith('ioredis')))(
    'cannot wait for replicas: the check says so, through %s',
    async (_name, open) => {
      const connection = await open(cluster.nodes[0]!.url)
      const { check } = redisReplayStore({ ...connection.options, waitReplicas: 1 })
      await expect(check()).rejects.toMatchObject({ reason: 'option_invalid' })
      await expect(check()).rejects.toThrow('`waitReplicas` does not work in a cluster')
      connection.close()
    },
  )
})
