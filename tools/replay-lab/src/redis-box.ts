import { askRedis, startRedis, type RedisServer } from '@countersign/test-servers'

/** A Redis server that may be killed and started again on its port, with its files. */
export interface RedisBox {
  readonly port: number
  /** The process of the moment. */
  readonly server: RedisServer
  kill(): Promise<void>
  /** @param ready a text in its log to wait for, if not the usual one */
  restart(ready?: string): Promise<void>
  stop(): Promise<void>
}

/** Every write is on the disk before it is acknowledged. */
export const SAFE: readonly string[] = ['--appendonly', 'yes', '--appendfsync', 'always']

export async function openBox(args: readonly string[]): Promise<RedisBox> {
  const first = await startRedis({ args })
  const { port, folder } = first
  let server = first
  return {
    port,
    get server() {
      return server
    },
    async kill() {
      server.kill('SIGKILL')
      await server.stopped
    },
    async restart(ready) {
      server = await startRedis({ args, port, folder, ready })
    },
    async stop() {
      await server.stop()
      await first.stop() // the folder is the first one's
    },
  }
}

/** @throws Error where the server does not obey */
export async function order(port: number, ...commands: readonly string[]): Promise<void> {
  const reply = await askRedis(port, commands.join('\r\n'))
  if (/^-/m.test(reply)) throw new Error(`${commands.join('; ')} was answered with ${reply}`)
}
