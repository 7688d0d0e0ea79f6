import { redisReplayStore, type RedisReplayStore } from '../src'

describe('check() of a server that says little', () => {
  const INFO = [
    ...['redis_version:7.0.0', 'role:master', 'connected_slaves:0', 'maxmemory:0'],
    ...['maxmemory_policy:noeviction', 'aof_enabled:1'],
  ]

  /** A server with one entry, and these answers to INFO and CONFIG. */
  function answering(lines: readonly string[], config: unknown): RedisReplayStore {
    let held: string | null = null
    return redisReplayStore({
      sendCommand: async (name, ...[, , , id, entry, lease]) => {
        if (name === 'CONFIG') return config
        if (entry === undefined && held === null) {
          held = ''
          return [id, `# A\r\n${lines.join('\r\n')}\r\n`]
        }
        const before = held
        if (lease !== undefined) return [id, (held = entry!)]
        if (entry !== undefined) held = null
        return [id, before]
      },
    })
  }

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
})
