import { eventually, startProxy, type FaultyProxy } from '@countersign/test-servers'
import { redisReplayStore, type RedisCommand } from '../src'
import { CLIENTS } from './clients'
import { describeWithRedis, newKey, opened } from './with-redis'

const IOREDIS = CLIENTS.filter(([name]) => name.startsWith('ioredis'))
const NODE_REDIS = CLIENTS.filter(([name]) => name.startsWith('redis'))
const soon = (): number => Date.now() + 60_000

describeWithRedis('a store whose replies are lost', () => {
  const open = opened()
  let proxy: FaultyProxy
  let url: string
  let straight: ReturnType<typeof redisReplayStore>
  beforeEach(async () => {
    const server = await open.server()
    proxy = open.add(await startProxy(server.port))
    url = `redis://127.0.0.1:${proxy.port}`
    straight = redisReplayStore((await open.client(server.url)).options)
  })

  /** The server has done what was asked, and the connection breaks before it says so. */
  async function loseTheAnswer(): Promise<void> {
    await eventually(() => proxy.spoilt > 0)
    proxy.cut()
    proxy.restore()
  }

  describe.each(IOREDIS)('%s, which sends a command again', (_name, connect) => {
    it('knows its own claim', async () => {
      const connection = await open.client(url, connect)
      await connection.send('PING')
      const store = redisReplayStore(connection.options)
      const key = newKey()
      proxy.dropReplies()
      const claim = store.claim(key, soon())
      await loseTheAnswer()
      expect(await claim).toBe(true)
      expect(await straight.claim(key, soon())).toBe(false)
      expect(await store.claim(key, soon())).toBe(false)
    })

    it('knows its own lease, and what it made final', async () => {
      const connection = await open.client(url, connect)
      await connection.send('PING')
      const { leases } = redisReplayStore(connection.options)
      const key = newKey()
      proxy.dropReplies()
      const reserved = leases.reserve(key, { owner: 'this one', duration: 60_000 })
      await loseTheAnswer()
      expect(await reserved).toBe('free')
      expect(await straight.leases.look(key)).toBe('leased')
      const lost = proxy.spoilt
      proxy.dropReplies()
      const committed = leases.commit(key, { owner: 'this one', expiresAt: soon() })
      await eventually(() => proxy.spoilt > lost)
      proxy.cut()
      proxy.restore()
      expect(await committed).toBe(true)
      expect(await straight.leases.look(key)).toBe('used')
    })

    it('does not take the claim of somebody else for its own', async () => {
      const connection = await open.client(url, connect)
      await connection.send('PING')
      const key = newKey()
      expect(await straight.claim(key, soon())).toBe(true)
      proxy.dropReplies()
      const claim = redisReplayStore(connection.options).claim(key, soon())
      await loseTheAnswer()
      expect(await claim).toBe(false)
    })
  })

  describe.each(NODE_REDIS)('%s, which gives up a command that was sent', (_name, connect) => {
    it('rejects the claim, and leaves the key taken', async () => {
      const { options } = await open.client(url, connect)
      await straight.claim(newKey(), soon()) // from now on the server knows the script
      const key = newKey()
      proxy.dropReplies()
      const claim = redisReplayStore(options).claim(key, soon())
      const outcome = claim.then(String, (error: Error) => error.message)
      await loseTheAnswer()
      expect(await outcome).toMatch(/closed|disconnect/i)
      expect(await straight.has(key)).toBe(true)
      expect(await straight.claim(key, soon())).toBe(false)
    })

    it('knows its own claim where the app sends a command again', async () => {
      const { send } = await open.client(url, connect)
      const sendCommand = (...command: RedisCommand): Promise<unknown> =>
        send(...command).catch(() => send(...command))
      const key = newKey()
      proxy.dropReplies()
      const claim = redisReplayStore({ sendCommand }).claim(key, soon())
      await loseTheAnswer()
      expect(await claim).toBe(true)
      expect(await straight.claim(key, soon())).toBe(false)
    })
  })

  describe.each(CLIENTS)('%s', (_name, connect) => {
    it.each([
      ['a number', ':1\r\n'],
      ['zero', ':0\r\n'],
      ['another word', '+QUEUED\r\n'],
      ['OK in small letters', '+ok\r\n'],
      ['a text', '$3\r\nabc\r\n'],
      ['an empty text', '$0\r\n\r\n'],
      ['a list', '*1\r\n+OK\r\n'],
    ])('rejects a claim that is answered with %s', async (_reply, bytes) => {
      const connection = await open.client(url, connect)
      await connection.send('PING')
      proxy.answerWith(bytes)
      const claim = redisReplayStore(connection.options).claim(newKey(), soon())
      const outcome = claim.then(String, (error: Error) => error.message)
      await eventually(() => proxy.spoilt > 0)
      proxy.restore()
      expect(await outcome).toMatch(/^Redis answered EVAL with something else than it may/)
    })

    it('rejects a claim that is answered in another language', async () => {
      const connection = await open.client(url, connect)
      await connection.send('PING')
      proxy.answerWith('HTTP/1.1 400 Bad Request\r\n\r\n')
      const claim = redisReplayStore(connection.options).claim(newKey(), soon())
      const outcome = claim.catch((error: unknown) => error)
      await loseTheAnswer() // some clients wait for the rest of it
      expect(await outcome).toBeInstanceOf(Error)
    })
  })
})
