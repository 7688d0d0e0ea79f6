import { askRedis, eventually, startRedis } from '@countersign/test-servers'
import { redisReplayStore } from '../src'
import { CLIENTS } from './clients'
import { describeWithRedis, inAMinute, newKey, opened } from './with-redis'

const LEASE = { owner: 'owner', duration: 60_000 }
const use = () => ({ owner: 'owner', expiresAt: inAMinute() })
/** One of each kind: errors pass through their versions alike. */
const EACH = CLIENTS.filter(([name]) => name.endsWith('6'))
/** The only one that connects to a server that is loading or wants a password. */
const FORWARD = CLIENTS.filter(([name]) => name === 'redis 5')

describeWithRedis('a Redis server that refuses', () => {
  const open = opened()

  it.each(EACH)('READONLY: a claim rejects, with %s', async (_name, connect) => {
    const server = await open.server()
    const { claim, leases, has } = redisReplayStore(
      (await open.client(server.url, connect)).options,
    )
    await askRedis(server.port, 'REPLICAOF 127.0.0.1 1')
    const key = newKey()
    await expect(claim(key, inAMinute())).rejects.toThrow('READONLY')
    await expect(leases.reserve(key, LEASE)).rejects.toThrow('READONLY')
    await expect(leases.commit(key, use())).rejects.toThrow('READONLY')
    expect(await has(key)).toBe(false)
  })

  it.each(EACH)(
    'OOM: a claim rejects, known keys are answered, with %s',
    async (_name, connect) => {
      const server = await open.server('--maxmemory-policy', 'noeviction')
      const { claim, has, leases, unclaim } = redisReplayStore(
        (await open.client(server.url, connect)).options,
      )
      const [used, leased, fresh] = [newKey(), newKey(), newKey()]
      expect(await claim(used, inAMinute(), 'mine')).toBe(true)
      expect(await leases.reserve(leased, LEASE)).toBe('free')
      await askRedis(server.port, 'CONFIG SET maxmemory 1')
      await expect(claim(fresh, inAMinute())).rejects.toThrow('OOM')
      await expect(leases.reserve(fresh, LEASE)).rejects.toThrow('OOM')
      await expect(leases.commit(leased, use())).rejects.toThrow('OOM')
      expect([await has(used), await claim(used, inAMinute())]).toEqual([true, false])
      expect(await leases.look(leased)).toBe('leased')
      expect([await leases.release(leased, 'owner'), await unclaim(used, 'mine')]).toEqual([
        true,
        true,
      ])
      await askRedis(server.port, 'CONFIG SET maxmemory 0')
      expect(await claim(fresh, inAMinute())).toBe(true)
    },
  )

  it.each(FORWARD)('LOADING: a claim rejects until all is read, with %s', async (_n, connect) => {
    const first = await open.server()
    const fill = await open.client(first.url)
    const key = newKey()
    expect(await redisReplayStore(fill.options).claim(key, inAMinute())).toBe(true)
    await fill.send('EVAL', FILL, '0')
    expect(await fill.send('SAVE')).toBe('OK')
    first.kill('SIGKILL')
    await first.stopped
    const { port, folder } = first
    const slowly = ['--key-load-delay', '500', '--loading-process-events-interval-bytes', '1024']
    const second = await startRedis({ port, folder, args: slowly, ready: 'Loading RDB' })
    open.add({ close: () => second.stop() })
    const { claim, has } = redisReplayStore((await open.client(second.url, connect)).options)
    await expect(claim(key, inAMinute())).rejects.toThrow('LOADING')
    await expect(has(key)).rejects.toThrow('LOADING')
    await askRedis(port, 'CONFIG SET key-load-delay 0')
    await eventually(() => has(key).catch(() => undefined))
    expect(await claim(key, inAMinute())).toBe(false)
  })

  it.each(FORWARD)('NOAUTH: every question rejects, with %s', async (_name, connect) => {
    const server = await open.server('--requirepass', 'a password for the test')
    const { claim, has, check } = redisReplayStore((await open.client(server.url, connect)).options)
    await expect(claim(newKey(), inAMinute())).rejects.toThrow('NOAUTH')
    await expect(has(newKey())).rejects.toThrow('NOAUTH')
    await expect(check()).rejects.toThrow('NOAUTH')
  })

  it.each(EACH)(
    'every question rejects where other code uses the key, with %s',
    async (_n, connect) => {
      const server = await open.server()
      const { options, send } = await open.client(server.url, connect)
      const { claim, unclaim, has, leases } = redisReplayStore(options)
      const [text, list] = [newKey(), newKey()]
      await send('SET', `countersign:${text}`, 'a note')
      await send('RPUSH', `countersign:${list}`, 'a note')
      for (const [key, why] of [
        [text, 'Give the replay store a `prefix` of its own'],
        [list, 'WRONGTYPE'],
      ] as const) {
        await expect(claim(key, inAMinute())).rejects.toThrow(why)
        await expect(unclaim(key, 'owner')).rejects.toThrow(why)
        await expect(has(key)).rejects.toThrow(why)
        await expect(leases.look(key)).rejects.toThrow(why)
        await expect(leases.reserve(key, LEASE)).rejects.toThrow(why)
        await expect(leases.commit(key, use())).rejects.toThrow(why)
        await expect(leases.release(key, 'owner')).rejects.toThrow(why)
      }
      expect(await send('GET', `countersign:${text}`)).toBe('a note')
    },
  )

  it('a claim that was made while the server paused can be taken back', async () => {
    const server = await open.server()
    const { claim, unclaim, has } = redisReplayStore((await open.client(server.url)).options)
    await claim(newKey(), inAMinute())
    await askRedis(server.port, 'CLIENT PAUSE 60000 WRITE')
    const keys = Array.from({ length: 20 }, newKey)
    const late = keys.map((key) => claim(key, inAMinute(), 'late'))
    const freed = keys.map((key) => unclaim(key, 'late'))
    await askRedis(server.port, 'CLIENT UNPAUSE')
    expect(await Promise.all(late)).toEqual(keys.map(() => true))
    expect(await Promise.all(freed)).toEqual(keys.map(() => true))
    expect(await Promise.all(keys.map(has))).toEqual(keys.map(() => false))
  })
})

const FILL = `for i = 1, 20000 do redis.call('SET', 'filler' .. i, string.rep('x', 50)) end`
