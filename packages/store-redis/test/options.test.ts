import { redisReplayStore, type RedisReplayStoreOptions } from '../src'

const sendCommand = (): Promise<unknown> => Promise.resolve('OK')
const sendClusterCommand = sendCommand

/** What a caller without types may pass. */
function made(options: Record<string, unknown>): unknown {
  try {
    return redisReplayStore(options as RedisReplayStoreOptions)
  } catch (error) {
    return error
  }
}

describe('redisReplayStore()', () => {
  it.each([
    [{}, 'has no way to send a command'],
    [{ sendCommand: null }, 'Set it to a function'],
    [{ sendCommand, sendClusterCommand }, 'has two ways'],
    [
      { sendCommand: { call: sendCommand } },
      '"sendCommand" of redisReplayStore() has an invalid value. Set it to a function',
    ],
    [
      { sendClusterCommand: {} },
      '"sendClusterCommand" of redisReplayStore() has an invalid value. Set it to a function',
    ],
    [{ sendCommand, prefix: Buffer.from('a') }, 'Set it to a text of at most 128 characters'],
    [{ sendCommand, prefix: 'a'.repeat(129) }, 'Set it to a text of at most 128 characters'],
    [{ sendCommand, waitReplicas: 0 }, 'Set it to a whole number of replicas from 1 to 64'],
    [{ sendCommand, waitReplicas: 0.5 }, 'Set it to a whole number of replicas from 1 to 64'],
    [{ sendCommand, waitReplicas: '1' }, 'Set it to a whole number of replicas from 1 to 64'],
    [{ sendCommand, waitReplicas: 65 }, 'Set it to a whole number of replicas from 1 to 64'],
    [{ sendCommand, durable: 'yes' }, 'Set it to true or false'],
    [{ sendClusterCommand, waitReplicas: 1 }, 'does not work in a cluster'],
  ])('refuses %j: %s', (options, problem) => {
    const message: unknown = expect.stringContaining(problem)
    expect(made(options)).toMatchObject({
      name: 'ConfigError',
      reason: 'option_invalid',
      code: 'misconfigured',
      message,
    })
  })

  it('refuses an unknown option', () => {
    const message: unknown = expect.stringContaining('redisReplayStore() has no option "ttl"')
    expect(made({ sendCommand, ttl: 60 })).toMatchObject({ reason: 'option_unknown', message })
  })

  it.each([
    [{ sendCommand }, false],
    [{ sendCommand, prefix: '', waitReplicas: 64, durable: true }, true],
    [{ sendClusterCommand, prefix: 'a'.repeat(128), durable: false }, false],
    [
      { sendCommand, sendClusterCommand: undefined, waitReplicas: undefined, durable: undefined },
      false,
    ],
  ])('accepts %j, durable: %s', (options, durable) => {
    expect(made(options)).toMatchObject({ durable })
  })

  it('checks the options of check()', async () => {
    const { check } = redisReplayStore({ sendCommand })
    const unknown = check({ persistent: true } as object)
    await expect(unknown).rejects.toMatchObject({ reason: 'option_unknown' })
    const word = check({ durable: 'yes' } as object)
    await expect(word).rejects.toMatchObject({ reason: 'option_invalid' })
  })
})
