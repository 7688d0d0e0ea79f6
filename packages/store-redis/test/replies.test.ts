import { redisReplayStore } from '../src'
import type { RedisClusterCommand, RedisCommand } from '../src'
import { LEASE, QUESTIONS, use } from './questions'
import { inAMinute } from './with-redis'

/** What a server replies to a script of the store that finds no other entry. */
function replyTo([, , , , id, entry]: RedisCommand): unknown {
  return [id, entry ?? null]
}

const NOT_ANSWERS: readonly unknown[] = [
  ...[undefined, null, true, 1, 'OK', '', 'used:owner', [], {}, ['OK'], Buffer.from('OK')],
  ...[['used:owner', 'used:owner'], new Error('as a value')],
]

/** Wrong entries, behind the right id. */
const NOT_ENTRIES: readonly (readonly unknown[])[] = [[1], [Buffer.from('used:owner')], []]

describe.each(QUESTIONS)('%s', (_name, ask) => {
  it('rejects what is not an answer', async () => {
    const replies = [
      ...NOT_ANSWERS.map((reply) => () => reply),
      ...NOT_ENTRIES.map((entry) => (id: string | undefined) => [id, ...entry]),
    ]
    for (const reply of replies) {
      const store = redisReplayStore({ sendCommand: async (...command) => reply(command[4]) })
      await expect(ask(store, 'key')).rejects.toThrow('does not answer the question')
    }
    const queued = redisReplayStore({ sendCommand: async () => 'QUEUED' })
    await expect(ask(queued, 'key')).rejects.toThrow('MULTI')
  })

  it('rejects where the client throws or rejects, and does not ask again', async () => {
    const trouble = new Error('READONLY no writes here')
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

it.each(['', 'a'.repeat(65), 'a b', 7])('refuses the owner %p', async (name) => {
  const owner = name as string // a mistake that types would catch
  const sendCommand = jest.fn(async (...command: RedisCommand) => replyTo(command))
  const { claim, unclaim, leases } = redisReplayStore({ sendCommand })
  for (const ask of [
    async () => claim('key', inAMinute(), owner),
    async () => unclaim('key', owner),
    async () => leases.reserve('key', { ...LEASE, owner }),
    async () => leases.commit('key', { ...use(), owner }),
    async () => leases.release('key', owner),
  ]) {
    await expect(ask()).rejects.toThrow(TypeError)
  }
  expect(sendCommand).not.toHaveBeenCalled()
})
