import { rmSync } from 'node:fs'
import { ConfigError } from '@countersign/core'
import { askRedis, eventually, type RedisServer } from '@countersign/test-servers'
import {
  redisReplayStore,
  type CheckOptions,
  type RedisReplayStore,
  type RedisReport,
} from '../src'
import { CLIENTS } from './clients'
import { describeWithRedis, newKey, opened, patiently } from './with-redis'

const ALWAYS = ['--appendonly', 'yes', '--appendfsync', 'always']

function unsafe(words: string): object {
  const message: unknown = expect.stringContaining(words)
  return { name: 'ConfigError', reason: 'store_unsafe', code: 'misconfigured', message }
}

describeWithRedis('check()', () => {
  const open = opened()
  const warnings: [message: string, code: string][] = []
  beforeEach(() => {
    warnings.length = 0
    jest.spyOn(process, 'emitWarning').mockImplementation((message, options) => {
      const { type, code } = options as { readonly type: string; readonly code: string } // the store's own call
      if (type === 'CountersignWarning') warnings.push([String(message), code])
    })
  })
  afterEach(() => jest.restoreAllMocks())

  async function storeAt(server: RedisServer): Promise<RedisReplayStore> {
    const { options, send } = await open.client(server.url)
    await send('PING') // connected: a test may forbid what the client asks at first
    return redisReplayStore(options)
  }

  it.each(CLIENTS)('reports the server and leaves nothing behind, with %s', async (_n, connect) => {
    const server = await open.server(...ALWAYS)
    const store = redisReplayStore((await open.client(server.url, connect)).options)
    const report: RedisReport = {
      maxmemoryPolicy: 'noeviction',
      maxmemory: 0,
      persistence: 'aof-always',
      connectedReplicas: 0,
      role: 'master',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string, // its own type is any
    }
    expect([await store.check({ durable: true }), store.durable]).toEqual([report, true])
    expect(await askRedis(server.port, 'DBSIZE')).toBe(':0\r\n')
    expect(warnings).toEqual([])
  })

  it.each([
    ['aof-everysec', true, ['--appendonly', 'yes', '--appendfsync', 'everysec']],
    ['aof-no', true, ['--appendonly', 'yes', '--appendfsync', 'no']],
    ['aof', true, ['--appendonly', 'yes', '--rename-command', 'CONFIG', '']],
    ['rdb', false, ['--save', '3600 1']],
    ['none', false, []],
    ['none', false, ['--save', '3600 1', '--rename-command', 'CONFIG', '']],
  ])('finds the persistence %s (durable: %s) of %j', async (persistence, durable, args) => {
    const store = await storeAt(await open.server(...args))
    expect(store.durable).toBe(false)
    expect(await store.check()).toMatchObject({ persistence })
    expect(store.durable).toBe(durable)
    const strict = await store.check({ durable: true }).catch((error: unknown) => error)
    expect(strict).toMatchObject(durable ? { persistence } : unsafe('forgets used credentials'))
  })

  it('finds out again each time, but for a `durable` that the application states', async () => {
    const server = await open.server('--appendonly', 'yes')
    const { options } = await open.client(server.url)
    const [found, no, yes] = [undefined, false, true].map((durable) =>
      redisReplayStore({ ...options, durable }),
    )
    for (const store of [found, no, yes]) await store!.check()
    expect([found!.durable, no!.durable, yes!.durable]).toEqual([true, false, true])
    await askRedis(server.port, 'CONFIG SET appendonly no')
    for (const store of [found, yes]) await store!.check()
    expect([found!.durable, yes!.durable]).toEqual([false, true])
    await expect(yes!.check({ durable: true })).rejects.toMatchObject(unsafe('no persistence'))
  })

  it('refuses a server that evicts entries, and warns of one that may', async () => {
    const server = await open.server('--maxmemory', '100mb')
    const { check } = await storeAt(server)
    expect(await check()).toMatchObject({ maxmemory: 104_857_600 })
    for (const policy of ['allkeys-lru', 'volatile-lru', 'volatile-ttl']) {
      await askRedis(server.port, `CONFIG SET maxmemory-policy ${policy}`)
      await expect(check()).rejects.toMatchObject(unsafe(`maxmemory-policy ${policy}`))
    }
    await askRedis(server.port, 'CONFIG SET maxmemory 0')
    expect(await check()).toMatchObject({ maxmemoryPolicy: 'volatile-ttl', maxmemory: 0 })
    expect(warnings).toEqual([
      [expect.stringContaining('as soon as maxmemory is set'), 'COUNTERSIGN_REDIS_EVICTION'],
    ])
  })

  it.each([
    ['is a replica', ['REPLICAOF 127.0.0.1 1']],
    ['is a replica', ['CONFIG SET replica-read-only no', 'REPLICAOF 127.0.0.1 1']],
    ['NOREPLICAS', ['CONFIG SET min-replicas-to-write 1']],
    ['memory is full (OOM)', ['CONFIG SET maxmemory 1']],
    ['NOPERM', ['ACL SETUSER default -evalsha']],
    ['NOPERM', ['ACL SETUSER default -eval']],
    ['NOPERM', ['ACL SETUSER default -set']],
    ['NOPERM', ['ACL SETUSER default -del']],
    ['~countersign:*', ['ACL SETUSER default resetkeys ~other:*']],
    ['does not permit INFO', ['ACL SETUSER default -info']],
  ])('refuses a server on which a claim or its question fails: %s, %j', async (words, commands) => {
    const server = await open.server()
    const { check } = await storeAt(server)
    for (const command of commands) await askRedis(server.port, command)
    await eventually(async () => {
      const error: unknown = await check().catch((reason: unknown) => reason)
      return error instanceof ConfigError && error.message.includes(words) && error
    })
    await expect(check()).rejects.toMatchObject(unsafe(words))
  })

  it.each([
    ['neither option', [], undefined, 'refused'],
    ['`waitReplicas`', [], 1, 'accepted'],
    [
      'a short min-replicas-max-lag',
      ['min-replicas-to-write 1', 'min-replicas-max-lag 1'],
      undefined,
      'accepted',
    ],
    ['the default min-replicas-max-lag', ['min-replicas-to-write 1'], undefined, 'refused'],
  ])('judges a server with a replica and %s', async (_what, settings, waitReplicas, outcome) => {
    const master = await open.server(...ALWAYS)
    await open.server('--replicaof', '127.0.0.1', String(master.port))
    const { options } = await open.client(master.url)
    const { check, claim } = redisReplayStore({ ...options, waitReplicas })
    for (const setting of settings) await askRedis(master.port, `CONFIG SET ${setting}`)
    await eventually(() => Promise.resolve(claim(newKey(), Infinity)).catch(() => false))
    const checked = (wanted?: CheckOptions) => patiently(() => check(wanted))
    await eventually(async () => (await checked()).connectedReplicas === 1)
    warnings.length = 0
    await checked()
    const isAccepted = outcome === 'accepted'
    expect(warnings.map(([, code]) => code)).toEqual(
      isAccepted ? [] : ['COUNTERSIGN_REDIS_REPLICAS'],
    )
    const strict = await checked({ durable: true }).catch((error: unknown) => error)
    const expected: unknown = isAccepted ? { connectedReplicas: 1 } : unsafe('a failover can lose')
    expect(strict).toMatchObject(expected as object) // one of the two
  })

  it('refuses a server that cannot write its files', async () => {
    const server = await open.server('--save', '3600 1')
    const { check } = await storeAt(server)
    rmSync(server.folder, { recursive: true })
    await askRedis(server.port, 'BGSAVE')
    await eventually(async () => (await askRedis(server.port, 'SET a b')).startsWith('-MISCONF'))
    await expect(check()).rejects.toMatchObject(unsafe('cannot write its files (MISCONF)'))
    await askRedis(server.port, 'CONFIG SET save ""') // or it would not end in good order
  })

  it('refuses a client that reads from another server than it writes to', async () => {
    const [one, other] = [await open.server(), await open.server()]
    const [writer, reader] = [await open.client(one.url), await open.client(other.url)]
    const { check } = redisReplayStore({
      sendCommand: (...command) => (command.length === 5 ? reader : writer).send(...command),
    })
    await expect(check()).rejects.toMatchObject(unsafe('does not have a key that was just written'))
  })
})
