import { eventually, startProxy } from '@countersign/test-servers'
import { redisReplayStore } from '../src'
import { CLIENTS } from './clients'
import { LEASE, use } from './questions'
import { describeWithRedis, inAMinute, newKey, opened } from './with-redis'

describeWithRedis('a client that loses replies', () => {
  const open = opened()

  it.each(CLIENTS)('finds its own claim and lease again, with %s', async (_name, connect) => {
    const server = await open.server()
    const proxy = open.add(await startProxy(server.port))
    const straight = redisReplayStore((await open.client(server.url)).options)
    const { send } = await open.client(`redis://127.0.0.1:${proxy.port}`, connect)
    await send('PING')
    const { claim, leases } = redisReplayStore({
      // ioredis sends a command again by itself; for node-redis the application does
      sendCommand: (...command) => send(...command).catch(() => send(...command)),
    })
    /** The server has answered, and the connection breaks before the client knows. */
    const resent = async (asked: () => unknown): Promise<unknown> => {
      const before = proxy.spoilt
      proxy.dropReplies()
      const answer = asked()
      await eventually(() => proxy.spoilt > before)
      proxy.cut()
      proxy.restore()
      return answer
    }
    const [used, leased, taken] = [newKey(), newKey(), newKey()]
    for (const key of [newKey(), newKey()]) await claim(key, inAMinute()) // both know the scripts
    expect(await resent(() => claim(used, inAMinute()))).toBe(true)
    expect(await straight.claim(used, inAMinute())).toBe(false)
    expect(await claim(used, inAMinute())).toBe(false)
    expect(await resent(() => leases.reserve(leased, LEASE))).toBe('free')
    expect(await resent(() => leases.commit(leased, use()))).toBe(true)
    expect(await straight.leases.look(leased)).toBe('used')
    expect(await straight.claim(taken, inAMinute())).toBe(true)
    expect(await resent(() => claim(taken, inAMinute()))).toBe(false)
  })
})
