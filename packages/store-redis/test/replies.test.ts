import { redisReplayStore } from '../src'
import type { RedisClusterCommand, RedisCommand } from '../src'
import { LEASE, QUESTIONS, use } from './questions'
import { inAMinute } from './with-redis'

/** What a server replies to a script of the store that finds no other entry. */
function replyTo([, , , , id, entry]: RedisCommand): unknown {
  return [id, entry ?? null]
}

const NOT_ANSWERS = [
  ...[undefined, null, true, false, 0, 1, 'OK', '', 'used:owner', 'lease:owner', [], {}],
  ...[['OK'], ['used:owner', 'used:owner'], Buffer.from('OK'), new Error('as a value')],
]

describe.each(QUESTIONS)('%s', (_name, ask) => {
  it.each(NOT_ANSWERS.map((reply, index) => [index, reply]))(
    'rejects a reply that is not an answer (%#)',
    async (_index, reply) => {
      const store = redisReplayStore({ sendCommand: () => Promise.resolve(reply) })
      await expect(ask(store, 'key')).rejects.toThrow('does not answer the question')
    },
  )

  it.each([
    ['a number', (id: string) => [id, 1]],
    ['bytes', (id: string) => [id, Buffer.from('used:owner')]],
    ['nothing', (id: string) => [id]],
  ])('rejects %s in place of an entry', async (_what, reply) => {
    const store = redisReplayStore({ sendCommand: async (...command) => reply(command[4] ?? '') })
    await expect(ask(store, 'key')).rejects.toThrow('does not answer the question')
  })

  it('says so where other code has begun MULTI', async () => {
    const store = redisReplayStore({ sendCommand: () => Promise.resolve('QUEUED') })
    await expect(ask(store, 'key')).rejects.toThrow('MULTI')
  })

  it('rejects where the client throws or rejects', async () => {
    const trouble = new Error('no connection')
    const throws = jest.fn((): never => {
      throw trouble
    })
    const rejects = jest.fn(() => Promise.reject(trouble))
    for (const sendCommand of [throws, rejects]) {
      await expect(ask(redisReplayStore({ sendCommand }), 'key')).rejects.toBe(trouble)
      expect(sendCommand).toHaveBeenCalledTimes(1)
    }
  })

  it('is sent to the master of a cluster, by the key', async () => {
    const sent: RedisClusterCommand[] = []
    const store = redisReplayStore({
      prefix: 'one:',
      sendClusterCommand: async (command) => {
        sent.push(command)
        return replyTo(command.args)
      },
    })
    await ask(store, 'key')
    expect(sent).toEqual([
      { key: 'one:key', readonly: false, args: expect.arrayContaining(['one:key']) as unknown },
    ])
  })

  it('is sent by the text of its script where the server does not have it', async () => {
    const sent: string[] = []
    const store = redisReplayStore({
      sendCommand: async (...command) => {
        sent.push(command[0])
        if (command[0] === 'EVALSHA') throw new Error('NOSCRIPT No matching script.')
        return replyTo(command)
      },
    })
    await ask(store, 'key')
    expect(sent).toEqual(['EVALSHA', 'EVAL'])
  })
})

it('a claim is one command, with a lifetime in milliseconds or without', async () => {
  const sent: RedisCommand[] = []
  const { claim } = redisReplayStore({
    sendCommand: async (...command) => {
      sent.push(command)
      return replyTo(command)
    },
  })
  expect(await claim('key', 1, 'mine')).toBe(true)
  expect(await claim('key', Infinity)).toBe(true)
  const id: unknown = expect.stringMatching(/^[\w-]{16}-\d$/)
  const hash: unknown = expect.stringMatching(/^[\da-f]{40}$/)
  const own: unknown = expect.stringMatching(/^used:[\w-]{16}-\d$/)
  const lease: unknown = expect.stringMatching(/^lease:[\w-]{16}-\d$/)
  expect(sent).toEqual([
    ['EVALSHA', hash, '1', 'countersign:key', id, 'used:mine', 'lease:mine', '660000'],
    ['EVALSHA', hash, '1', 'countersign:key', id, own, lease, ''],
  ])
  expect(sent[0]![4]).not.toBe(sent[1]![4])
})

it.each(['', 'a'.repeat(65), 'a b', 'é', 'a\n', 7, null, ['a']])(
  'refuses the owner %p',
  async (name) => {
    const owner = name as string // a mistake that types would catch
    const store = redisReplayStore({
      sendCommand: (...command) => Promise.resolve(replyTo(command)),
    })
    const { claim, unclaim, leases } = store
    for (const ask of [
      async () => claim('key', inAMinute(), owner),
      async () => unclaim('key', owner),
      async () => leases.reserve('key', { ...LEASE, owner }),
      async () => leases.commit('key', { ...use(), owner }),
      async () => leases.release('key', owner),
    ]) {
      await expect(ask()).rejects.toThrow(TypeError)
    }
    expect(await claim('key', inAMinute(), 'A-z_9'.padEnd(64, '0'))).toBe(true)
  },
)
