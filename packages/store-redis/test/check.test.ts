import { ConfigError } from '@countersign/core'
import { askRedis, startRedis } from '@countersign/test-servers'
import { redisReplayStore, type RedisReport } from '../src'
import { CLIENTS } from './clients'
import { describeWithRedis, newKey, opened } from './with-redis'

const EVICTING = ['allkeys-lru', 'allkeys-lfu', 'allkeys-random'].concat([
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
  'volatile-ttl',
])
const unsafe: unknown = expect.objectContaining({ reason: 'store_unsafe', code: 'misconfigured' })

describeWithRedis('the check of a Redis store', () => {
  const open = opened()

  it.each(CLIENTS)('reports what the server is, through %s', async (_name, connect) => {
    const server = await open.server('--appendonly', 'yes', '--appendfsync', 'always')
    const store = redisReplayStore((await open.client(server.url, connect)).options)
    const report = await store.check({ durable: true })
    const expected: RedisReport = {
      maxmemoryPolicy: 'noeviction',
      maxmemory: 0,
      persistence: 'aof-always',
      connectedReplicas: 0,
      role: 'master',
      version: report.version,
    }
    expect(report).toEqual(expected)
    expect(report.version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(store.durable).toBe(true)
  })

  it.each([
    ['aof-everysec', true, ['--appendonly', 'yes', '--appendfsync', 'everysec']],
    ['aof-no', true, ['--appendonly', 'yes', '--appendfsync', 'no']],
    ['aof', true, ['--appendonly', 'yes', '--rename-command', 'CONFIG', '']],
    ['rdb', false, ['--save', '3600 1']],
    ['none', false, []],
    ['none', false, ['--save', '3600 1', '--rename-command', 'CONFIG', '']],
  ])('finds %s (durable: %s) of %j', async (persistence, durable, args) => {
    const server = await open.server(...args)
    const store = redisReplayStore((await open.client(server.url)).options)
    expect(store.durable).toBe(false)
    expect(await store.check()).toMatchObject({ persistence })
    expect(store.durable).toBe(durable)
    const strict = store.check({ durable: true })
    const outcome = await strict.then(
      () => 'accepted',
      (error: ConfigError) => error.reason,
    )
    expect(outcome).toBe(durable ? 'accepted' : 'store_unsafe')
  })

  it.each(CLIENTS)('refuses a server that evicts, through %s', async (_name, connect) => {
    const server = await open.server('--maxmemory', '100mb')
    const { check } = redisReplayStore((await open.client(server.url, connect)).options)
    expect(await check()).toMatchObject({ maxmemoryPolicy: 'noeviction', maxmemory: 104_857_600 })
    for (const policy of EVICTING) {
      await askRedis(server.port, `CONFIG SET maxmemory-policy ${policy}`)
      await expect(check()).rejects.toEqual(unsafe)
      await expect(check()).rejects.toThrow(`maxmemory-policy ${policy}`)
    }
    await askRedis(server.port, 'CONFIG SET maxmemory 0')
    expect(await check()).toMatchObject({ maxmemoryPolicy: 'volatile-ttl', maxmemory: 0 })
  })

  it('forgets what it found when the server has changed', async () => {
    const server = await open.server('--appendonly', 'yes')
    const store = redisReplayStore((await open.client(server.url)).options)
    await store.check()
    expect(store.durable).toBe(true)
    await askRedis(server.port, 'CONFIG SET appendonly no')
    await store.check()
    expect(store.durable).toBe(false)
  })

  it('leaves what the app has stated', async () => {
    const { options } = await open.client((await open.server()).url)
    const stated = redisReplayStore({ ...options, durable: true })
    await stated.check()
    expect(stated.durable).toBe(true)
    await expect(stated.check({ durable: true })).rejects.toThrow('no persistence')
    const file = await open.client((await open.server('--appendonly', 'yes')).url)
    const denied = redisReplayStore({ ...file.options, durable: false })
    await denied.check()
    expect(denied.durable).toBe(false)
  })

  it.each(CLIENTS)('refuses a replica, through %s', async (_name, connect) => {
    const master = await open.server()
    const replica = await open.server('--replicaof', '127.0.0.1', String(master.port))
    const { options } = await open.client(replica.url, connect)
    const error: unknown = await redisReplayStore(options)
      .check()
      .catch((reason: unknown) => reason)
    expect(error).toEqual(unsafe)
    expect(error).toBeInstanceOf(ConfigError)
    expect(String(error)).toContain('is a replica')
  })

  it('counts the replicas', async () => {
    const master = await open.server()
    await open.server('--replicaof', '127.0.0.1', String(master.port))
    const { check } = redisReplayStore((await open.client(master.url)).options)
    const counts: number[] = []
    while (counts.at(-1) !== 1) counts.push((await check()).connectedReplicas)
    expect(counts.at(-1)).toBe(1)
  })

  it('writes nothing', async () => {
    const server = await open.server()
    const { check } = redisReplayStore((await open.client(server.url)).options)
    await check()
    expect(await askRedis(server.port, 'DBSIZE')).toBe(':0\r\n')
  })

  it('finds a store durable that is: it knows a use after the server was killed', async () => {
    const args = ['--appendonly', 'yes', '--appendfsync', 'always']
    const first = await open.server(...args)
    const store = redisReplayStore((await open.client(first.url)).options)
    await store.check({ durable: true })
    const key = newKey()
    expect(await store.claim(key, Infinity)).toBe(true)
    first.kill('SIGKILL')
    await first.stopped
    const second = await startRedis({ args, port: first.port, folder: first.folder })
    open.add({ close: () => second.stop() })
    expect(await store.claim(key, Infinity)).toBe(false)
  })
})

describe('the check of a server that says little', () => {
  const INFO = [
    ...['redis_version:7.0.0', 'role:master', 'connected_slaves:0', 'maxmemory:0'],
    ...['maxmemory_policy:noeviction', 'aof_enabled:1'],
  ]
  const answering = (lines: readonly string[], config: unknown) =>
    redisReplayStore({
      sendCommand: async (name) => (name === 'EVAL' ? `# A\r\n${lines.join('\r\n')}\r\n` : config),
    })

  it.each(INFO)('rejects without %s', async (line) => {
    const rest = INFO.filter((other) => other !== line)
    await expect(answering(rest, []).check()).rejects.toThrow(line.split(':')[0])
  })

  it.each([
    ['a list', ['appendfsync', 'always'], 'aof-always'],
    ['a record', { appendfsync: 'everysec' }, 'aof-everysec'],
    ['a map', new Map([['appendfsync', 'no']]), 'aof-no'],
    ['nothing', [], 'aof'],
    ['null', null, 'aof'],
    ['another word', ['appendfsync', 'sometimes'], 'aof'],
  ])('reads a setting from %s', async (_name, config, persistence) => {
    expect(await answering(INFO, config).check()).toMatchObject({ persistence })
  })

  it.each([null, 7, Buffer.from('role:master')])('rejects %p instead of a text', async (reply) => {
    const { check } = redisReplayStore({ sendCommand: () => Promise.resolve(reply) })
    await expect(check()).rejects.toThrow(/INFO/)
  })
})
