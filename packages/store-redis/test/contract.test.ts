import { replayStoreCases } from '@countersign/testing'
import { findRedis, serverOrSkip, startRedis, type RedisServer } from '@countersign/test-servers'
import { redisReplayStore, type RedisReplayStore } from '../src'
import { CLIENTS, type Connection, type Open } from './clients'
import { inAMinute, newKey } from './with-redis'

const found = findRedis()

;(serverOrSkip('redis-server', found) ? describe : describe.skip)('a Redis store', () => {
  const prefix = `countersign-${newKey().slice(0, 8)}:`
  let server: RedisServer | undefined
  let url: string
  beforeAll(async () => {
    if ('url' in found!)
      ({ url } = found) // it was found, or all this is skipped
    else ({ url } = server = await startRedis())
  })
  afterAll(async () => server?.stop())

  const connections: Connection[] = []
  const stores = new Map<Open, readonly RedisReplayStore[]>()
  beforeAll(async () => {
    for (const [, open] of CLIENTS) {
      const two = [await open(url), await open(url)]
      connections.push(...two)
      stores.set(
        open,
        two.map(({ options }) => redisReplayStore({ ...options, prefix })),
      )
    }
  })
  afterAll(() => connections.forEach((connection) => connection.close()))

  // the contract is about the scripts: what a client can get wrong is below
  const one = () => stores.get(CLIENTS[0]![1])![0]!
  const other = () => stores.get(CLIENTS.at(-1)![1])![0]!
  it.each(replayStoreCases(one, { leases: true, peer: other }))('$name', ({ run }) =>
    expect(run()).resolves.toBeUndefined(),
  )

  it.each(CLIENTS)(
    'gives each of 50 keys to one of 32 callers that claim or reserve it twice, with %s',
    async (_name, open) => {
      const keys = Array.from({ length: 50 }, newKey)
      const racers = keys.flatMap((key) =>
        Array.from({ length: 32 }, async (_, racer) => {
          const { leases, claim } = stores.get(open)![racer % 2]!
          const owner = `owner-${racer}`
          const ask = async (): Promise<boolean> =>
            racer % 4 < 2
              ? claim(key, Infinity, owner)
              : (await leases.reserve(key, { owner, duration: 60_000 })) === 'free'
          const [first, second] = await Promise.all([ask(), ask()])
          expect(second).toBe(first)
          return first ? [key] : []
        }),
      )
      expect((await Promise.all(racers)).flat().toSorted()).toEqual(keys.toSorted())
    },
  )

  it.each(CLIENTS)('frees a claimed key for its owner only, with %s', async (_name, open) => {
    const [{ claim, unclaim, has, leases }, peer] = stores.get(open) as [
      RedisReplayStore,
      RedisReplayStore,
    ] // two
    const key = newKey()
    expect(await claim(key, inAMinute(), 'mine')).toBe(true)
    expect(await peer.unclaim(key, 'other')).toBe(false)
    expect(await leases.release(key, 'mine')).toBe(false)
    expect(await has(key)).toBe(true)
    expect(await peer.unclaim(key, 'mine')).toBe(true)
    expect(await unclaim(key, 'mine')).toBe(false)
    expect(await leases.reserve(key, { owner: 'mine', duration: 60_000 })).toBe('free')
    expect(await unclaim(key, 'mine')).toBe(false)
    expect(await leases.look(key)).toBe('leased')
  })
})
