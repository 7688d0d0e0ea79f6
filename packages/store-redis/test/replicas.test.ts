import {
  askRedis,
  eventually,
  startProxy,
  startRedis,
  type RedisServer,
} from '@countersign/test-servers'
import { redisReplayStore, type RedisCommand, type RedisReplayStore } from '../src'
import { CLIENTS, type Connection } from './clients'
import { LEASE, use } from './questions'
import { describeWithRedis, inAMinute, newKey, opened, patiently, SHORT } from './with-redis'

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

  /** What a server has under a key, as it answers on the wire. */
  const at = (server: RedisServer, key: string): Promise<string> =>
    askRedis(server.port, `GET countersign:${key}`)

  it.each(CLIENTS)('has every use on the replica when it answers, with %s', async (_n, connect) => {
    const { claim, leases } = storeOn(await open.client(master.url, connect))
    const [claimed, leased] = [newKey(), newKey()]
    expect(await patiently(() => claim(claimed, inAMinute()))).toBe(true)
    expect(await at(replica, claimed)).toContain('used:')
    expect(await patiently(() => leases.reserve(leased, LEASE))).toBe('free')
    expect(await at(replica, leased)).toContain('lease:owner')
    expect(await patiently(() => leases.commit(leased, use()))).toBe(true)
    expect(await at(replica, leased)).toContain('used:owner')
    expect(await claim(claimed, inAMinute())).toBe(false)
  })

  it('undoes what the replica does not have, but for a commit', async () => {
    const { claim, has, leases } = storeOn(await open.client(master.url))
    const other = storeOn(await open.client(master.url)) // has written nothing before
    const [claimed, reserved, leased, taken] = [newKey(), newKey(), newKey(), newKey()]
    expect(await patiently(() => leases.reserve(leased, LEASE))).toBe('free')
    expect(await patiently(() => claim(taken, inAMinute()))).toBe(true)
    replica.kill('SIGSTOP')
    await expect(claim(claimed, inAMinute())).rejects.toThrow(SHORT)
    await expect(leases.reserve(reserved, LEASE)).rejects.toThrow(SHORT)
    expect([await has(claimed), await leases.look(reserved)]).toEqual([false, 'free'])
    await expect(leases.commit(leased, use())).rejects.toThrow(SHORT)
    await expect(other.leases.commit(leased, use())).rejects.toThrow(SHORT)
    expect(await leases.look(leased)).toBe('used')
    // what another use has taken is only read
    expect(await claim(taken, inAMinute())).toBe(false)
    expect(await leases.reserve(taken, LEASE)).toBe('used')
    expect(await leases.commit(taken, use())).toBe(false)
    replica.kill('SIGCONT')
    expect(await patiently(() => claim(claimed, inAMinute()))).toBe(true)
    expect(await patiently(() => leases.commit(leased, use()))).toBe(true)
    expect(await at(replica, leased)).toContain('used:owner')
  })

  it.each([
    ['null', null, 'none of 2'],
    ['text', 'many', 'none of 2'],
    ['half a replica', 1.5, 'none of 2'],
    ['too few', 1, '1 of 2'],
    ['an error', new Error('closed'), 'did not say'],
  ])('undoes a claim where WAIT, sent at once, answers with %s', async (_w, count, problem) => {
    const sent: RedisCommand[] = []
    const sendCommand = async (...command: RedisCommand): Promise<unknown> => {
      sent.push(command)
      if (command[0] === 'WAIT' && count instanceof Error) throw count
      if (command[0] === 'WAIT') return count
      return command[0] === 'CLIENT' ? 7 : [command[4], command[5]]
    }
    const names = () => sent.map(([name]) => name)
    const claimed = redisReplayStore({ sendCommand, waitReplicas: 2 }).claim('key', inAMinute())
    expect(names()).toEqual(['CLIENT', 'EVAL', 'WAIT', 'CLIENT'])
    expect(sent[2]).toEqual(['WAIT', '2', '250'])
    await expect(claimed).rejects.toThrow(problem)
    expect(names()).toEqual(['CLIENT', 'EVAL', 'WAIT', 'CLIENT', 'EVALSHA'])
  })

  it('rejects with the error of the write', async () => {
    const trouble = new Error('OOM')
    const sendCommand = () => Promise.reject(trouble)
    const { claim } = redisReplayStore({ sendCommand, waitReplicas: 1 })
    await expect(claim('key', inAMinute())).rejects.toBe(trouble)
  })

  it('rejects the answers of a pool, or of a new connection', async () => {
    const pool = [await open.client(master.url), await open.client(master.url)]
    let turn = 0
    const sendCommand = (...command: RedisCommand): Promise<unknown> =>
      pool[turn++ % 2]!.send(...command)
    const { claim } = redisReplayStore({ sendCommand, waitReplicas: 1 })
    await expect(claim(newKey(), inAMinute())).rejects.toThrow('another connection')
  })

  it('waits again for a claim that the client has sent again', async () => {
    /** The reply is lost after the write, and ioredis sends all four commands again. */
    async function claimTwice(key: string): Promise<boolean> {
      const proxy = open.add(await startProxy(master.port))
      const connection = await open.client(`redis://127.0.0.1:${proxy.port}`)
      await connection.send('PING')
      proxy.dropReplies()
      const claim = storeOn(connection).claim(key, inAMinute())
      claim.catch(() => undefined) // the caller gets it
      await eventually(() => proxy.spoilt > 0)
      proxy.cut()
      proxy.restore()
      return claim
    }
    const [key, late] = [newKey(), newKey()]
    expect(await patiently(() => claimTwice(key))).toBe(true)
    expect(await at(replica, key)).toContain('used:')
    replica.kill('SIGSTOP')
    await expect(claimTwice(late)).rejects.toThrow(SHORT)
    expect(await at(master, late)).toBe('$-1\r\n')
  })
})
