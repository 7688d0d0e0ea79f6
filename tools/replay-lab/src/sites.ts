import { askRedis, startPostgres, startProxy, startRedis } from '@countersign/test-servers'
import type { FaultyProxy, PostgresServer } from '@countersign/test-servers'
import { Client } from 'pg'
import type { Site } from './fault'
import {
  openPostgres,
  openRedis,
  type PostgresPlan,
  type RedisClient,
  type RedisPlan,
  type StorePlan,
} from './stores'

/** A store, its server, and what can be done to the server and on the way there. */
export interface ServerSite extends Site {
  /** The direct way, for apps with a process of their own. */
  readonly plan: StorePlan
  /** Between the store and the server. */
  readonly proxy: FaultyProxy
  /** In how many pieces the replies to ten questions come, at least. */
  readonly replies: number
  kill(): Promise<void>
  /** After `kill`: on the same port, with what it has kept. */
  restart(): Promise<void>
  freeze(): Promise<void>
  thaw(): Promise<void>
  /** Makes each entry so many milliseconds older. */
  age(milliseconds: number): Promise<void>
  /** Holds all writes. @returns what ends that */
  stall(): Promise<() => Promise<void>>
}

export interface RedisSite extends ServerSite {
  readonly plan: RedisPlan
  order(...commands: readonly string[]): Promise<void>
  ask(command: string): Promise<string>
  /** @param ready a text in its log to wait for, if not the usual one */
  restart(ready?: string): Promise<void>
}

/** Every write is on the disk before it is acknowledged. */
export const SAFE: readonly string[] = ['--appendonly', 'yes', '--appendfsync', 'always']

export async function redisSite(
  client: RedisClient,
  args: readonly string[] = SAFE,
): Promise<RedisSite> {
  const first = await startRedis({ args })
  const { port, folder } = first
  const proxy = await startProxy(port)
  const opened = await openRedis({ kind: 'redis', client, port: proxy.port })
  const order = (...commands: readonly string[]): Promise<void> => orderRedis(port, ...commands)
  let server = first
  return {
    store: opened.store,
    plan: { kind: 'redis', client, port },
    proxy,
    replies: 1, // one connection, and in order
    order,
    ask: (command) => askRedis(port, command),
    async kill() {
      server.kill('SIGKILL')
      await server.stopped
    },
    async restart(ready) {
      server = await startRedis({ args, port, folder, ready })
    },
    freeze: async () => server.kill('SIGSTOP'),
    thaw: async () => server.kill('SIGCONT'),
    age: (milliseconds) => order(`EVAL "${AGE_KEYS}" 0 ${milliseconds}`),
    async stall() {
      await order('CLIENT PAUSE 60000 WRITE')
      return () => order('CLIENT UNPAUSE')
    },
    async close() {
      await opened.close()
      await proxy.close()
      await server.stop()
      await first.stop() // the folder is the first one's
    },
  }
}

/** An entry that would have ended by now is deleted. */
const AGE_KEYS = [
  "for _, key in ipairs(redis.call('keys', '*')) do local left = redis.call('pttl', key)",
  "if left > 0 then redis.call('pexpire', key, left - ARGV[1]) end end",
].join(' ')

/** @throws Error where the server does not obey */
export async function orderRedis(port: number, ...commands: readonly string[]): Promise<void> {
  const reply = await askRedis(port, commands.join('\r\n'))
  if (/^-/m.test(reply)) throw new Error(`${commands.join('; ')} was answered with ${reply}`)
}

export interface PostgresSite extends ServerSite {
  readonly plan: PostgresPlan
  /** Statements of one session of another client. */
  sql(...statements: readonly string[]): Promise<void>
  /** Another client. */
  connect(): Promise<Client>
}

export interface PostgresSettings {
  readonly settings?: Readonly<Record<string, string>>
  readonly pool?: PostgresPlan['pool']
  /** Statements before the table is made, and after it. */
  readonly before?: readonly string[]
  readonly after?: readonly string[]
}

export const TABLE = 'countersign_uses'

export async function postgresSite(given: PostgresSettings = {}): Promise<PostgresSite> {
  const server = await startPostgres({ settings: given.settings })
  const connect = (): Promise<Client> => connectTo(server)
  async function sql(...statements: readonly string[]): Promise<void> {
    const client = await connect()
    for (const statement of statements) await client.query(statement)
    await client.end()
  }
  const proxy = await startProxy(server.port)
  const url = server.url.replace(`:${server.port}/`, `:${proxy.port}/`)
  const opened = await openPostgres({ kind: 'postgres', url, pool: given.pool })
  await sql(...(given.before ?? []))
  await opened.store.migrate()
  await sql(...(given.after ?? []))
  await opened.warm()
  return {
    store: opened.store,
    plan: { kind: 'postgres', url: server.url },
    proxy,
    replies: 10, // a connection each
    sql,
    connect,
    kill: () => server.kill('SIGKILL'),
    restart: () => server.restart(),
    freeze: () => server.kill('SIGSTOP'),
    thaw: () => server.kill('SIGCONT'),
    age: (milliseconds) =>
      sql(`UPDATE ${TABLE} SET expires_at = expires_at - interval '${milliseconds} milliseconds'`),
    async stall() {
      const holder = await connect()
      await holder.query(`BEGIN; LOCK TABLE ${TABLE}`)
      return () => holder.end()
    },
    async close() {
      await opened.close()
      await proxy.close()
      await server.stop()
    },
  }
}

async function connectTo({ url }: PostgresServer): Promise<Client> {
  const client = new Client(url)
  client.on('error', () => undefined) // its server may be killed
  await client.connect()
  return client
}

type Open<S extends Site> = () => Promise<S>

/** A server each, in its usual settings. */
export const REDIS: Readonly<Record<RedisClient, Open<RedisSite>>> = {
  ioredis: () => redisSite('ioredis'),
  'node-redis': () => redisSite('node-redis'),
}
export const POSTGRES: Readonly<Record<'pg', Open<PostgresSite>>> = { pg: () => postgresSite() }
export const ONE_OF_EACH: Readonly<Record<'ioredis' | 'pg', Open<ServerSite>>> = {
  ioredis: REDIS.ioredis,
  ...POSTGRES,
}
