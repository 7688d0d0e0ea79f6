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

const A_FUNCTION = 'Set it to a function'
const A_PREFIX = 'Set it to a text of at most 128 characters'
const REPLICAS = 'Set it to a whole number of replicas from 1 to 64'

it.each([
  [{}, 'has no way to send a command'],
  [{ sendCommand, sendClusterCommand }, 'has two ways'],
  [{ sendClusterCommand, waitReplicas: 1 }, 'does not work in a cluster'],
  [{ sendCommand: { call: sendCommand } }, A_FUNCTION],
  [{ sendClusterCommand: {} }, A_FUNCTION],
  [{ sendCommand, prefix: Buffer.from('a') }, A_PREFIX],
  [{ sendCommand, prefix: 'a'.repeat(129) }, A_PREFIX],
  [{ sendCommand, waitReplicas: 0 }, REPLICAS],
  [{ sendCommand, waitReplicas: 1.5 }, REPLICAS],
  [{ sendCommand, waitReplicas: '1' }, REPLICAS],
  [{ sendCommand, waitReplicas: 65 }, REPLICAS],
  [{ sendCommand, durable: 'yes' }, 'Set it to true or false'],
])('redisReplayStore() refuses %j: %s', (options, problem) => {
  const message: unknown = expect.stringContaining(problem)
  expect(made(options)).toMatchObject({ reason: 'option_invalid', message })
})

it('redisReplayStore() and check() refuse unknown and wrong options', async () => {
  const message: unknown = expect.stringContaining('redisReplayStore() has no option "ttl"')
  expect(made({ sendCommand, ttl: 60 })).toMatchObject({ reason: 'option_unknown', message })
  const { check } = redisReplayStore({ sendCommand })
  const unknown = check({ persistent: true } as object)
  await expect(unknown).rejects.toMatchObject({ reason: 'option_unknown' })
  const word = check({ durable: 'yes' } as object)
  await expect(word).rejects.toMatchObject({ reason: 'option_invalid' })
})

const absent = { sendClusterCommand: undefined, waitReplicas: undefined, durable: undefined }
it.each([
  [{ sendCommand, ...absent }, false],
  [{ sendCommand, prefix: '', waitReplicas: 64, durable: true }, true],
  [{ sendClusterCommand, prefix: 'a'.repeat(128), durable: false }, false],
])('redisReplayStore() accepts %j, durable: %s', (options, durable) => {
  expect(made(options)).toMatchObject({ durable })
})
