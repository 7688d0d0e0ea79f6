import { askRedis } from '@countersign/test-servers'
import { redisReplayStore } from '../src'
import { LEASE, QUESTIONS } from './questions'
import { describeWithRedis, inAMinute, newKey, opened } from './with-redis'

describeWithRedis('a Redis server', () => {
  const open = opened()

  it('answers for known keys, and rejects a claim, where its memory is full', async () => {
    const server = await open.server('--maxmemory-policy', 'noeviction')
    const { options } = await open.client(server.url)
    const { claim, has, leases, unclaim } = redisReplayStore(options)
    const [used, leased, fresh] = [newKey(), newKey(), newKey()]
    expect(await claim(used, inAMinute(), 'mine')).toBe(true)
    expect(await leases.reserve(leased, LEASE)).toBe('free')
    await askRedis(server.port, 'CONFIG SET maxmemory 1')
    await expect(claim(fresh, inAMinute())).rejects.toThrow('OOM')
    expect([await has(used), await claim(used, inAMinute())]).toEqual([true, false])
    expect(await leases.look(leased)).toBe('leased')
    expect(await leases.release(leased, LEASE.owner)).toBe(true)
    expect(await unclaim(used, 'mine')).toBe(true)
    await askRedis(server.port, 'CONFIG SET maxmemory 0')
    expect(await claim(fresh, inAMinute())).toBe(true)
  })

  it.each([
    ['SET', 'Give the replay store a `prefix` of its own'],
    ['RPUSH', 'WRONGTYPE'],
  ])('rejects every question where other code has used the key: %s', async (command, why) => {
    const { options, send } = await open.client((await open.server()).url)
    const store = redisReplayStore(options)
    const key = newKey()
    await send(command, `countersign:${key}`, 'a note')
    for (const [, ask] of QUESTIONS) await expect(ask(store, key)).rejects.toThrow(why)
    await expect(send('DEL', `countersign:${key}`)).resolves.toBe(1)
  })

  it('can take back a claim that was made while it paused', async () => {
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
