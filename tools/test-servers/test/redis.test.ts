import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import {
  askRedis,
  eventually,
  findProgram,
  serverOrSkip,
  startRedis,
  startRedisCluster,
} from '../src'

const found = serverOrSkip('redis-server', findProgram('redis-server'))

;(found ? describe : describe.skip)('a Redis server for tests', () => {
  it('answers on loopback and leaves nothing behind', async () => {
    const server = await startRedis()
    expect(await askRedis(server.port, 'SET word kept')).toBe('+OK\r\n')
    expect(await askRedis(server.port, 'GET word')).toBe('$4\r\nkept\r\n')
    expect(existsSync(server.folder)).toBe(true)
    await server.stop()
    expect(existsSync(server.folder)).toBe(false)
    expect(() => process.kill(server.pid, 0)).toThrow('ESRCH')
  })

  it('restarts on its port and folder, with the data that it has saved', async () => {
    const args = ['--appendonly', 'yes', '--appendfsync', 'always']
    const first = await startRedis({ args })
    await askRedis(first.port, 'SET word kept')
    first.kill('SIGKILL')
    await first.stopped
    const { port, folder } = first
    const second = await startRedis({ args, port, folder })
    expect(await askRedis(port, 'GET word')).toBe('$4\r\nkept\r\n')
    await second.stop()
    expect(existsSync(folder)).toBe(true)
    await first.stop()
    expect(existsSync(folder)).toBe(false)
  })

  it('can be stopped while it is paused', async () => {
    const server = await startRedis()
    server.kill('SIGSTOP')
    await server.stop()
    expect(() => process.kill(server.pid, 0)).toThrow('ESRCH')
  })

  it('rejects with the reason why it could not start', async () => {
    await expect(startRedis({ args: ['--no-such-setting', '1'] })).rejects.toThrow(
      'no-such-setting',
    )
  })

  it('rejects a port that is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    const { port } = await eventually(() => other.address() as { port: number } | null) // a port
    await expect(startRedis({ port })).rejects.toThrow('Address already in use')
    other.close()
  })
})

;(found ? describe : describe.skip)('a Redis cluster for tests', () => {
  it('serves each slot on one of three nodes', async () => {
    const cluster = await startRedisCluster()
    try {
      const replies = await Promise.all(
        cluster.nodes.map(({ port }) => askRedis(port, 'SET word kept')),
      )
      expect(replies.filter((reply) => reply === '+OK\r\n')).toHaveLength(1)
      expect(replies.filter((reply) => reply.startsWith('-MOVED '))).toHaveLength(2)
    } finally {
      await cluster.stop()
    }
  })
})
