import { replayStoreCases } from '@countersign/testing'
import { findRedis, serverOrSkip, startRedis, type RedisServer } from '@countersign/test-servers'
import { redisReplayStore } from '../src'
import { CLIENTS, type Connection } from './clients'
import { askEverything, race, type Pair } from './with-every-client'
import { newKey } from './with-redis'

const found = findRedis()

;(serverOrSkip('redis-server', found) ? describe : describe.skip)('a Redis store', () => {
  const prefix = `countersign-${newKey().slice(0, 8)}:`
  const connections: Connection[] = []
  const stores: Record<string, Pair> = {}
  let server: RedisServer | undefined
  beforeAll(async () => {
    server = 'url' in found! ? undefined : await startRedis() // it was found, or all this is skipped
    const { url } = server ?? (found as { readonly url: string }) // one of the two
    for (const [name, open] of CLIENTS) {
      const [one, two] = [await open(url), await open(url)]
      connections.push(one, two)
      const storeOf = ({ options }: Connection) => redisReplayStore({ ...options, prefix })
      stores[name] = [storeOf(one), storeOf(two)]
    }
  })
  afterAll(async () => {
    connections.forEach((connection) => connection.close())
    await server?.stop()
  })

  // the contract is about the scripts: what a client can get wrong is below
  const one = () => stores['ioredis 6']![0]
  const other = () => stores['redis 5']![0]
  it.each(replayStoreCases(one, { leases: true, peer: other }))('$name', ({ run }) =>
    expect(run()).resolves.toBeUndefined(),
  )

  it.each(CLIENTS)('answers every question, also of many callers, with %s', async (name) => {
    await askEverything(stores[name]!, newKey())
    const { keys, given } = await race(stores[name]!)
    expect(given).toEqual(keys)
  })
})
