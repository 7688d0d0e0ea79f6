import { askRedis, eventually, startRedis } from '@countersign/test-servers'
import { redisReplayStore, type RedisReplayStore } from '../src'
import { CLIENTS, type Open } from './clients'
import { describeWithRedis, newKey, opened } from './with-redis'

const soon = (): number => Date.now() + 60_000
const LEASE = { owner: 'owner', duration: 60_000 }
/** Those that connect to a server which does not let them do anything yet. */
const FORWARD = CLIENTS.filter(([name]) => name === 'redis 5')

describeWithRedis('a store whose server refuses', () => {
  const open = opened()
  const storeAt = async (url: string, connect: Open): Promise<RedisReplayStore> =>
    redisReplayStore((await open.client(url, connect)).options)

  it.each(CLIENTS)('rejects with READONLY of a replica, through %s', async (_name, connect) => {
    const master = await open.server()
    const replica = await open.server('--replicaof', '127.0.0.1', String(master.port))
    await eventually(async () =>
      (await askRedis(replica.port, 'INFO replication')).includes('master_link_status:up'),
    )
    const { claim, leases, has } = await storeAt(replica.url, connect)
    const key = newKey()
    await expect(claim(key, soon())).rejects.toThrow('READONLY')
    await expect(leases.reserve(key, LEASE)).rejects.toThrow('READONLY')
    const use = { owner: 'owner', expiresAt: soon() }
    await expect(leases.commit(key, use)).rejects.toThrow('READONLY')
    expect(await has(key)).toBe(false)
  })

  it.each(CLIENTS)('rejects with OOM of a full server, through %s', async (_name, connect) => {
    const server = await open.server('--maxmemory-policy', 'noeviction')
    const { claim, has, leases } = await storeAt(server.url, connect)
    const [used, leased, fresh] = [newKey(), newKey(), newKey()]
    expect(await claim(used, soon())).toBe(true)
    expect(await leases.reserve(leased, LEASE)).toBe('free')
    await askRedis(server.port, 'CONFIG SET maxmemory 1')
    await expect(claim(fresh, soon())).rejects.toThrow('OOM')
    await expect(leases.reserve(fresh, LEASE)).rejects.toThrow('OOM')
    const use = { owner: 'owner', expiresAt: soon() }
    await expect(leases.commit(leased, use)).rejects.toThrow('OOM')
    expect(await has(used)).toBe(true)
    expect(await leases.look(leased)).toBe('leased')
    expect(await leases.release(leased, 'owner')).toBe(true)
    await askRedis(server.port, 'CONFIG SET maxmemory 0')
    expect(await claim(used, soon())).toBe(false)
    expect(await claim(fresh, soon())).toBe(true)
  })

  it.each(FORWARD)('rejects with LOADING, then answers, through %s', async (_name, connect) => {
    const first = await open.server()
    const writer = redisReplayStore((await open.client(first.url)).options)
    const key = newKey()
    expect(await writer.claim(key, soon())).toBe(true)
    const fill = await open.client(first.url)
    await fill.send('EVAL', FILL, '0')
    expect(await fill.send('SAVE')).toBe('OK')
    first.kill('SIGKILL')
    await first.stopped
    const { port, folder } = first
    const slowly = ['--key-load-delay', '500', '--loading-process-events-interval-bytes', '1024']
    const second = await startRedis({ port, folder, args: slowly, ready: 'Loading RDB' })
    open.add({ close: () => second.stop() })
    const { claim, has } = await storeAt(second.url, connect)
    await expect(claim(key, soon())).rejects.toThrow('LOADING')
    await expect(has(key)).rejects.toThrow('LOADING')
    await askRedis(port, 'CONFIG SET key-load-delay 0')
    await eventually(() => has(key).catch(() => undefined))
    expect(await claim(key, soon())).toBe(false)
  })

  it.each(FORWARD)('rejects with NOAUTH, through %s', async (_name, connect) => {
    const server = await open.server('--requirepass', 'a password for the test')
    const { claim, has, check } = await storeAt(server.url, connect)
    await expect(claim(newKey(), soon())).rejects.toThrow('NOAUTH')
    await expect(has(newKey())).rejects.toThrow('NOAUTH')
    await expect(check()).rejects.toThrow('NOAUTH')
  })

  it.each(CLIENTS)('rejects with NOPERM of another prefix, through %s', async (_name, connect) => {
    const server = await open.server()
    await askRedis(server.port, 'ACL SETUSER default resetkeys ~countersign:*')
    const { options } = await open.client(server.url, connect)
    const key = newKey()
    expect(await redisReplayStore(options).claim(key, soon())).toBe(true)
    const { claim, has } = redisReplayStore({ ...options, prefix: 'other:' })
    await expect(claim(key, soon())).rejects.toThrow(/NOPERM|permission/)
    await expect(has(key)).rejects.toThrow(/NOPERM|permission/)
  })

  it.each(CLIENTS)('rejects what somebody else has written, through %s', async (_name, connect) => {
    const server = await open.server()
    const { options, send } = await open.client(server.url, connect)
    const { claim, has, leases } = redisReplayStore(options)
    const [text, list] = [newKey(), newKey()]
    await send('SET', `countersign:${text}`, 'a note')
    await send('RPUSH', `countersign:${list}`, 'a note')
    const use = { owner: 'owner', expiresAt: soon() }
    for (const [key, why] of [
      [text, 'Give the store its own `prefix`'],
      [list, 'WRONGTYPE'],
    ] as const) {
      await expect(claim(key, soon())).rejects.toThrow(why)
      await expect(has(key)).rejects.toThrow(why)
      await expect(leases.look(key)).rejects.toThrow(why)
      await expect(leases.reserve(key, LEASE)).rejects.toThrow(why)
      await expect(leases.commit(key, use)).rejects.toThrow(why)
      await expect(leases.release(key, 'owner')).rejects.toThrow(why)
    }
    expect(await send('GET', `countersign:${text}`)).toBe('a note')
  })
})

const FILL = `for i = 1, 20000 do redis.call('SET', 'filler' .. i, string.rep('x', 50)) end`
