import { startPostgres, startProxy, type FaultyProxy } from '@countersign/test-servers'
import type { PoolConfig } from 'pg'
import { openBox, SAFE } from './redis-box'
import { openPostgres, type RedisClient, type StorePlan } from './stores'

/** A real server, and what can be done to it and to the way there. */
export interface Site {
  /** The way through the proxy. */
  readonly plan: StorePlan
  readonly proxy: FaultyProxy
  /** In how many pieces the replies to ten questions come, at least. */
  readonly replies: number
  kill(): Promise<void>
  /** After `kill`: on the same port, with what it has kept. */
  restart(): Promise<void>
  freeze(): Promise<void>
  thaw(): Promise<void>
  stop(): Promise<void>
}

export async function redisSite(client: RedisClient): Promise<Site> {
  const box = await openBox(SAFE)
  const proxy = await startProxy(box.port)
  return {
    plan: { kind: 'redis', client, port: proxy.port },
    proxy,
    replies: 1, // one connection, and in order
    kill: box.kill,
    restart: () => box.restart(),
    freeze: async () => box.server.kill('SIGSTOP'),
    thaw: async () => box.server.kill('SIGCONT'),
    async stop() {
      await proxy.close()
      await box.stop()
    },
  }
}

/** @param pool options of pg's, where its own will not do */
export async function postgresSite(pool?: PoolConfig): Promise<Site> {
  const server = await startPostgres()
  await migrate(server.url)
  const proxy = await startProxy(server.port)
  const url = server.url.replace(`:${server.port}/`, `:${proxy.port}/`)
  return {
    plan: { kind: 'postgres', url, pool },
    proxy,
    replies: 10, // a connection each
    kill: () => server.kill('SIGKILL'),
    restart: () => server.restart(),
    freeze: () => server.kill('SIGSTOP'),
    thaw: () => server.kill('SIGCONT'),
    async stop() {
      await proxy.close()
      await server.stop()
    },
  }
}

export async function migrate(url: string): Promise<void> {
  const { store, close } = await openPostgres({ kind: 'postgres', url })
  await store.migrate()
  await close()
}
