import { ConfigError } from '@countersign/core'
import { redisReplayStore, type RedisReplayStoreOptions } from '../src'

const sendCommand = (): Promise<unknown> => Promise.resolve('OK')

/** What a caller without types may pass. */
function made(options: Record<string, unknown>): unknown {
  try {
    return redisReplayStore(options as RedisReplayStoreOptions)
  } catch (error) {
    return error
  }
}

describe('the options of a Redis store', () => {
  it.each([
    ['no way to send', {}, 'redisReplayStore has no way to send a command'],
    ['a null', { sendCommand: null }, 'redisReplayStore has no way to send a command'],
    ['two ways', { sendCommand, sendClusterCommand: sendCommand }, 'has two ways'],
    ['a client', { sendCommand: { call: sendCommand } }, '"sendCommand" is not a function'],
    ['a cluster', { sendClusterCommand: {} }, '"sendClusterCommand" is not a function'],
    ['a prefix of bytes', { sendCommand, prefix: Buffer.from('a') }, '"prefix" is not a text'],
    ['a long prefix', { sendCommand, prefix: 'a'.repeat(129) }, '"prefix" is not a text'],
    ['no replica', { sendCommand, waitReplicas: 0 }, '"waitReplicas" is not a whole number'],
    ['half a replica', { sendCommand, waitReplicas: 0.5 }, '"waitReplicas" is not a whole number'],
    ['replicas in text', { sendCommand, waitReplicas: '1' }, '"waitReplicas" is not a whole'],
    ['no number', { sendCommand, waitReplicas: Number.NaN }, '"waitReplicas" is not a whole'],
    ['too many replicas', { sendCommand, waitReplicas: 65 }, '"waitReplicas" is not a whole'],
    ['a word', { sendCommand, durable: 'yes' }, '"durable" is not true or false'],
    ['replicas in a cluster', { sendClusterCommand: sendCommand, waitReplicas: 1 }, 'in a cluster'],
  ])('refuse %s', (_name, options, problem) => {
    const error = made(options)
    expect(error).toBeInstanceOf(ConfigError)
    expect(error).toMatchObject({ reason: 'option_invalid', code: 'misconfigured' })
    expect(String(error)).toContain(problem)
  })

  it('refuse one that there is not', () => {
    const error = made({ sendCommand, ttl: 60 })
    expect(error).toMatchObject({ reason: 'option_unknown' })
    expect(String(error)).toContain('redisReplayStore has no option "ttl"')
  })

  it.each([
    ['the least', { sendCommand }],
    ['all of them', { sendCommand, prefix: '', waitReplicas: 64, durable: true }],
    ['those of a cluster', { sendClusterCommand: sendCommand, prefix: 'a'.repeat(128) }],
    [
      'none by name',
      {
        sendCommand,
        sendClusterCommand: undefined,
        prefix: undefined,
        waitReplicas: undefined,
        durable: undefined,
      },
    ],
  ])('take %s', (_name, options) => {
    expect(made(options)).toMatchObject({ leases: expect.anything() as unknown })
  })

  it('say whether it survives a restart: no, unless somebody knows it', () => {
    expect(redisReplayStore({ sendCommand }).durable).toBe(false)
    expect(redisReplayStore({ sendCommand, durable: false }).durable).toBe(false)
    expect(redisReplayStore({ sendCommand, durable: true }).durable).toBe(true)
  })

  it('are also looked at by check', async () => {
    const { check } = redisReplayStore({ sendCommand })
    const unknown = check({ persistent: true } as object)
    await expect(unknown).rejects.toMatchObject({ reason: 'option_unknown' })
    const word = check({ durable: 'yes' } as object)
    await expect(word).rejects.toMatchObject({ reason: 'option_invalid' })
  })
})
