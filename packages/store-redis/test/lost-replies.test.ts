import { eventually, startProxy } from '@countersign/test-servers'
import { redisReplayStore } from '../src'
import { CLIENTS } from './clients'
import { LEASE, QUESTIONS, use } from './questions'
import { describeWithRedis, inAMinute, newKey, opened } from './with-redis'

describeWithRedis('a client that loses replies', () => {
  const open = opened()

  it.each(QUESTIONS)(
    'is not believed: %s with the reply to another question',
    async (_name, ask) => {
      const { options } = await open.client((await open.server()).url)
      const store = redisReplayStore(options)
      let shift = false
      let last: Promise<unknown> = Promise.resolve(undefined)
      const shifted = redisReplayStore({
        sendCommand: (...command) => {
          const reply = options.sendCommand!(...command)
          const given = shift ? last : reply
          last = reply.catch(() => undefined)
          return given
        },
      })
      // the same kind of question about another key, and about the same key before
      for (const key of [newKey(), newKey()]) await ask(store, key)
      const [one, two] = [newKey(), newKey()]
      await ask(shifted, one)
      shift = true
      await expect(ask(shifted, two)).rejects.toThrow('does not answer the question')
      await expect(ask(shifted, two)).rejects.toThrow('does not answer the question')
    },
  )

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

  it.each(CLIENTS)('rejects what is not an answer on the wire, with %s', async (_name, connect) => {
    const server = await open.server()
    const proxy = open.add(await startProxy(server.port))
    const connection = await open.client(`redis://127.0.0.1:${proxy.port}`, connect)
    await connection.send('PING')
    const { claim } = redisReplayStore(connection.options)
    for (const reply of [
      ':1\r\n',
      '+QUEUED\r\n',
      '$0\r\n\r\n',
      '*1\r\n+OK\r\n',
      '-WHAT is it\r\n',
    ]) {
      const before = proxy.spoilt
      proxy.answerWith(reply)
      const outcome = claim(newKey(), inAMinute()).then(String, (error: Error) => error.message)
      await eventually(() => proxy.spoilt > before)
      proxy.restore()
      expect(await outcome).toMatch(/does not answer the question|MULTI|WHAT is it/)
    }
  })
})
