import { redisReplayStore } from '../src'
import type { RedisClusterCommand, RedisCommand, RedisReplayStoreOptions } from '../src'

/** A client whose every command is answered alike. */
function answering(reply: unknown): RedisReplayStoreOptions {
  return { sendCommand: () => Promise.resolve(reply) }
}

/** What a server says that has done what a script is for. */
function done(command: RedisCommand): unknown {
  const [, , , , entry, lease] = command
  return lease === undefined ? 'OK' : [entry, entry] // only what writes has so many arguments
}

const soon = Date.now() + 60_000
const OTHERS = [
  ...[undefined, true, false, 0, 1, 'QUEUED', '', 'ok', 'used', 'LEASE:x', [], {}, ['OK']],
  ...[Buffer.from('OK'), Buffer.from('used:x'), new Error('as a value')],
]

describe('a store whose client answers with something else than Redis may', () => {
  it.each(OTHERS.map((reply, number) => [number, reply]))(
    'rejects, whatever was asked (%#)',
    async (_number, reply) => {
      const { claim, has, leases } = redisReplayStore(answering(reply))
      const asked = [
        () => claim('key', soon),
        () => has('key'),
        () => leases.reserve('key', { owner: 'owner', duration: 1_000 }),
        () => leases.commit('key', { owner: 'owner', expiresAt: soon }),
        () => leases.release('key', 'owner'),
        () => leases.look('key'),
      ]
      for (const ask of asked) await expect(ask()).rejects.toThrow(Error)
    },
  )

  it('takes OK for nothing but what it was answered to', async () => {
    const { claim, has, leases } = redisReplayStore(answering('OK'))
    expect(await leases.release('key', 'owner')).toBe(true)
    await expect(claim('key', soon)).rejects.toThrow('EVAL')
    await expect(has('key')).rejects.toThrow(Error)
    await expect(leases.look('key')).rejects.toThrow(Error)
  })

  it('takes a null for nothing but what it was answered to', async () => {
    const { claim, has, leases } = redisReplayStore(answering(null))
    expect(await has('key')).toBe(false)
    expect(await leases.release('key', 'owner')).toBe(false)
    expect(await leases.look('key')).toBe('free')
    const use = { owner: 'owner', expiresAt: soon }
    await expect(claim('key', soon)).rejects.toThrow('EVAL')
    await expect(leases.reserve('key', { owner: 'owner', duration: 1_000 })).rejects.toThrow('EVAL')
    await expect(leases.commit('key', use)).rejects.toThrow('EVAL')
  })

  it('does not take the answer to another question for its own', async () => {
    const replies: unknown[] = [['used:else', 'used:else']]
    const { claim, leases } = redisReplayStore({
      // each gets the reply to the one before, as from a client that lost count
      sendCommand: async (...[, , , , entry]) => {
        replies.push([entry, entry])
        return replies.shift()
      },
    })
    await expect(claim('one', soon)).rejects.toThrow('EVAL')
    await expect(claim('two', soon)).rejects.toThrow('EVAL')
    const lease = { owner: 'owner', duration: 1_000 }
    await expect(leases.reserve('three', lease)).rejects.toThrow('EVAL')
    const use = { owner: 'owner', expiresAt: soon }
    await expect(leases.commit('four', use)).rejects.toThrow('EVAL')
  })

  it('rejects when the client throws, now or later', async () => {
    const trouble = new Error('no connection')
    const now = redisReplayStore({
      sendCommand: () => {
        throw trouble
      },
    })
    const later = redisReplayStore({ sendCommand: () => Promise.reject(trouble) })
    for (const store of [now, later]) {
      await expect(store.claim('key', soon)).rejects.toBe(trouble)
      await expect(store.has('key')).rejects.toBe(trouble)
      await expect(store.leases.look('key')).rejects.toBe(trouble)
    }
  })

  it('rejects a write that was refused, whatever the replicas say', async () => {
    const trouble = new Error('READONLY')
    const { claim, leases } = redisReplayStore({
      waitReplicas: 1,
      sendCommand: async (name) => {
        if (name === 'EVAL') throw trouble
        return name === 'GET' ? null : 1
      },
    })
    await expect(claim('key', soon)).rejects.toBe(trouble)
    await expect(leases.commit('key', { owner: 'owner', expiresAt: soon })).rejects.toBe(trouble)
  })

  it.each([
    ['nobody says how many', null],
    ['too few have it', 0],
    ['it is no number', 'many'],
    ['it is no whole number', 1.5],
    ['nobody answers', new Error('closed')],
  ])('rejects a write and takes it back where %s', async (_case, replicas) => {
    const sent: string[] = []
    const { claim } = redisReplayStore({
      waitReplicas: 1,
      sendCommand: async (...command) => {
        sent.push(command[0])
        if (command[0] === 'WAIT' && replicas instanceof Error) throw replicas
        if (command[0] === 'WAIT') return replicas
        return command[0] === 'CLIENT' ? 7 : done(command)
      },
    })
    await expect(claim('key', soon)).rejects.toThrow(/replicas have it|say who has it/)
    expect(sent).toEqual(['CLIENT', 'EVAL', 'WAIT', 'CLIENT', 'EVAL'])
  })

  it('does not repeat what it was answered', async () => {
    const { claim } = redisReplayStore(answering('something confidential'))
    const error: unknown = await claim('key', soon).catch((reason: unknown) => reason)
    expect(String(error)).toBe(
      'Error: Redis answered EVAL with something else than it may (string)',
    )
  })
})

describe('a store', () => {
  it('sends one command for a claim that wins, with an end by the clock of the server', async () => {
    const sent: RedisCommand[] = []
    const { claim } = redisReplayStore({
      sendCommand: async (...command) => {
        sent.push(command)
        return done(command)
      },
    })
    expect(await claim('key', 1)).toBe(true)
    expect(await claim('key', Infinity)).toBe(true)
    const entry: unknown = expect.stringMatching(/^used:[\w-]{16}-\d$/)
    const script: unknown = expect.stringMatching(/^[\da-f]{40}$/)
    expect(sent).toEqual([
      ['EVALSHA', script, '1', 'countersign:key', entry, entry, '660000'],
      ['EVALSHA', script, '1', 'countersign:key', entry, entry, ''],
    ])
    expect(sent.map((command) => command[4] === command[5])).toEqual([true, true])
    expect(sent[0]![4]).not.toBe(sent[1]![4])
  })

  it('sends its script to a server that does not know it', async () => {
    const sent: string[] = []
    const { claim } = redisReplayStore({
      sendCommand: async (...command) => {
        sent.push(command[0])
        if (command[0] === 'EVALSHA') throw new Error('NOSCRIPT No matching script.')
        return done(command)
      },
    })
    expect(await claim('key', soon)).toBe(true)
    expect(sent).toEqual(['EVALSHA', 'EVAL'])
  })

  it('asks the master of a cluster for each key, in all it does', async () => {
    const sent: RedisClusterCommand[] = []
    const { claim, has, leases, check } = redisReplayStore({
      prefix: 'one:',
      sendClusterCommand: async (command) => {
        sent.push(command)
        return command.args[0] === 'GET' ? null : done(command.args)
      },
    })
    await claim('key', soon)
    await has('key')
    await leases.reserve('key', { owner: 'owner', duration: 1_000 })
    await leases.commit('key', { owner: 'owner', expiresAt: soon })
    await leases.release('key', 'owner')
    await leases.look('key')
    await expect(check()).rejects.toThrow('INFO')
    expect(sent.map(({ readonly }) => readonly)).toEqual(Array(7).fill(false))
    expect(sent.map(({ key }) => key)).toEqual([...Array(6).fill('one:key'), 'one:check'])
    for (const { key, args } of sent) expect(args).toContain(key)
  })
})
