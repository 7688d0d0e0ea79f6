import {
  askRedis,
  eventually,
  startProxy,
  startRedis,
  type RedisServer,
} from '@countersign/test-servers'
import { redisReplayStore, type RedisCommand, type RedisReplayStore } from '../src'
import { CLIENTS, type Connection } from './clients'
import { describeWithRedis, newKey, opened } from './with-redis'

const soon = (): number => Date.now() + 60_000
const LEASE = { owner: 'owner', duration: 60_000 }
const SHORT = 'only 0 of 1 replicas have it'

describeWithRedis('a store that waits for a replica', () => {
  const open = opened()
  let master: RedisServer
  let replica: RedisServer
  beforeAll(async () => {
    master = await startRedis()
    replica = await startRedis({ args: ['--replicaof', '127.0.0.1', String(master.port)] })
  })
  beforeEach(async () => {
    replica.kill('SIGCONT')
    const write = 'SET word kept\r\nWAIT 1 1000'
    await eventually(async () => (await askRedis(master.port, write)) === '+OK\r\n:1\r\n')
  })
  afterAll(async () => {
    await replica.stop()
    await master.stop()
  })

  const storeOn = ({ options }: Connection): RedisReplayStore =>
    redisReplayStore({ ...options, waitReplicas: 1 })

  /** Asks again while the replica is late, as it is on a busy machine. */
  const patiently = (ask: () => Promise<unknown>): Promise<unknown> =>
    eventually(() =>
      ask().catch((error: Error) => {
        if (error.message !== SHORT) throw error
      }),
    )

  /** What a server has under a key, as it answers on the wire. */
  const at = (server: RedisServer, key: string): Promise<string> =>
    askRedis(server.port, `GET countersign:${key}`)

  describe.each(CLIENTS)('through %s', (_name, connect) => {
    it('has every use on the replica when it answers', async () => {
      const { claim, leases } = storeOn(await open.client(master.url, connect))
      const [claimed, leased] = [newKey(), newKey()]
      expect(await patiently(() => claim(claimed, soon()))).toBe(true)
      expect(await at(replica, claimed)).toContain('used:')
      expect(await patiently(() => leases.reserve(leased, LEASE))).toBe('free')
      expect(await at(replica, leased)).toContain('lease:owner')
      const use = { owner: 'owner', expiresAt: soon() }
      expect(await patiently(() => leases.commit(leased, use))).toBe(true)
      expect(await at(replica, leased)).toContain('used:owner')
      expect(await claim(claimed, soon())).toBe(false)
    })

    it('takes back what a replica does not have', async () => {
      const { claim, has, leases } = storeOn(await open.client(master.url, connect))
      const [claimed, leased] = [newKey(), newKey()]
      replica.kill('SIGSTOP')
      await expect(claim(claimed, soon())).rejects.toThrow(SHORT)
      await expect(leases.reserve(leased, LEASE)).rejects.toThrow(SHORT)
      expect(await has(claimed)).toBe(false)
      expect(await leases.look(leased)).toBe('free')
      replica.kill('SIGCONT')
      expect(await patiently(() => claim(claimed, soon()))).toBe(true)
      expect(await claim(claimed, soon())).toBe(false)
      expect(await at(replica, claimed)).toContain('used:')
    })

    it('leaves final what a replica does not have, and rejects until it does', async () => {
      const { leases } = storeOn(await open.client(master.url, connect))
      const key = newKey()
      const use = { owner: 'owner', expiresAt: soon() }
      expect(await patiently(() => leases.reserve(key, LEASE))).toBe('free')
      replica.kill('SIGSTOP')
      await expect(leases.commit(key, use)).rejects.toThrow(SHORT)
      // by another connection too, which has written nothing before
      const other = storeOn(await open.client(master.url, connect))
      await expect(other.leases.commit(key, use)).rejects.toThrow(SHORT)
      expect(await leases.look(key)).toBe('used')
      replica.kill('SIGCONT')
      expect(await patiently(() => leases.commit(key, use))).toBe(true)
      expect(await at(replica, key)).toContain('used:owner')
    })

    it('says that a key is taken though no replica answers', async () => {
      const { claim, leases } = storeOn(await open.client(master.url, connect))
      const key = newKey()
      expect(await patiently(() => claim(key, soon()))).toBe(true)
      replica.kill('SIGSTOP')
      expect(await claim(key, soon())).toBe(false)
      expect(await leases.reserve(key, LEASE)).toBe('used')
      expect(await leases.commit(key, { owner: 'owner', expiresAt: soon() })).toBe(false)
    })

    it('wants as many as it was told', async () => {
      const { options } = await open.client(master.url, connect)
      const store = redisReplayStore({ ...options, waitReplicas: 2 })
      const refusal = await eventually(async () => {
        const { message } = await store.claim(newKey(), soon()).then(never, (error: Error) => error)
        return message !== 'only 0 of 2 replicas have it' && message
      })
      expect(refusal).toBe('only 1 of 2 replicas have it')
    })

    it('awaits nothing between a write and its WAIT', async () => {
      const { send } = await open.client(master.url, connect)
      const sent: RedisCommand[] = []
      const sendCommand = (...command: RedisCommand): Promise<unknown> => {
        sent.push(command)
        return send(...command)
      }
      const store = redisReplayStore({ sendCommand, waitReplicas: 1 })
      expect(
        await patiently(async () => {
          sent.length = 0
          const claim = store.claim(newKey(), soon())
          const names = sent.map(([name]) => name)
          return (await claim) && names
        }),
      ).toEqual(['CLIENT', 'EVAL', 'WAIT', 'CLIENT'])
      expect(sent[2]).toEqual(['WAIT', '1', '250'])
      expect(sent).toHaveLength(4)
    })

    it('rejects where it has a pool of connections', async () => {
      const pool = [await open.client(master.url, connect), await open.client(master.url, connect)]
      let turn = 0
      const sendCommand = (...command: RedisCommand): Promise<unknown> =>
        pool[turn++ % 2]!.send(...command)
      const { claim } = redisReplayStore({ sendCommand, waitReplicas: 1 })
      await expect(claim(newKey(), soon())).rejects.toThrow('through another connection')
    })
  })

  /** The server writes, the connection breaks before it says so, and the client sends it again. */
  async function claimTwice(key: string): Promise<boolean> {
    const proxy = open.add(await startProxy(master.port))
    const connection = await open.client(`redis://127.0.0.1:${proxy.port}`)
    await connection.send('PING')
    proxy.dropReplies()
    const claim = storeOn(connection).claim(key, soon())
    const settled = claim.catch(() => undefined)
    await eventually(() => proxy.spoilt > 0)
    proxy.cut()
    proxy.restore()
    await settled
    return claim
  }

  it('waits anew for its own claim when the client has sent it again', async () => {
    const [key, late] = [newKey(), newKey()]
    expect(await patiently(() => claimTwice(key))).toBe(true)
    expect(await at(replica, key)).toContain('used:')
    replica.kill('SIGSTOP')
    await expect(claimTwice(late)).rejects.toThrow(SHORT)
    expect(await at(master, late)).toBe('$-1\r\n')
  })
})

function never(): never {
  throw new Error('It was answered')
}
