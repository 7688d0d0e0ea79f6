import { memoryReplayStore, type ReplayStore } from '@countersign/core'
import { postgresReplayStore } from '@countersign/store-postgres'
import { redisReplayStore } from '@countersign/store-redis'
import { Cluster, Redis } from 'ioredis'
import { Pool, type PoolConfig } from 'pg'
import { createClient, createCluster } from 'redis'

/** A store and how to reach it, in words that can be sent to another process. */
export type StorePlan =
  { readonly kind: 'memory'; readonly maxEntries?: number | undefined } | RedisPlan | PostgresPlan

export interface RedisPlan {
  readonly kind: 'redis'
  readonly client: RedisClient
  readonly port: number
  readonly waitReplicas?: number | undefined
  readonly prefix?: string | undefined
  /** The port is that of a cluster's node. */
  readonly cluster?: boolean | undefined
}

export interface PostgresPlan {
  readonly kind: 'postgres'
  readonly url: string
  readonly pool?: PoolConfig | undefined
}

export type RedisClient = 'ioredis' | 'node-redis'

export interface OpenStore {
  readonly store: ReplayStore
  /** Opens all of its connections, where they are opened one by one as they are needed. */
  warm?(): Promise<void>
  close(): Promise<void>
}

/** Connects as an application does, with the client's own defaults. */
export async function openStore(plan: StorePlan): Promise<OpenStore> {
  if (plan.kind === 'memory') {
    return {
      store: memoryReplayStore({ maxEntries: plan.maxEntries }),
      close: async () => undefined,
    }
  }
  return plan.kind === 'redis' ? openRedis(plan) : openPostgres(plan)
}

export async function openRedis(
  plan: RedisPlan,
): Promise<OpenStore & { readonly store: ReturnType<typeof redisReplayStore> }> {
  const { waitReplicas, prefix } = plan
  const { send, close } = plan.client === 'ioredis' ? ioredis(plan) : await nodeRedis(plan)
  return { store: redisReplayStore({ ...send, waitReplicas, prefix }), close }
}

interface Connected {
  readonly send: Parameters<typeof redisReplayStore>[0]
  close(): Promise<void>
}

function ioredis({ port, cluster }: RedisPlan): Connected {
  const client = cluster ? new Cluster([{ host: '127.0.0.1', port }]) : new Redis(port, '127.0.0.1')
  client.on('error', ignore)
  return {
    send: { sendCommand: (...command) => client.call(...command) },
    close: async () => client.disconnect(),
  }
}

async function nodeRedis({ port, cluster }: RedisPlan): Promise<Connected> {
  const url = `redis://127.0.0.1:${port}`
  if (cluster) {
    const client = createCluster({ rootNodes: [{ url }] })
    client.on('error', ignore)
    await client.connect()
    const send: Connected['send'] = {
      sendClusterCommand: ({ key, readonly, args }) => client.sendCommand(key, readonly, args),
    }
    return { send, close: async () => client.destroy() }
  }
  const client = createClient({ url })
  client.on('error', ignore)
  await client.connect()
  const send: Connected['send'] = { sendCommand: (...args) => client.sendCommand(args) }
  return { send, close: async () => client.destroy() }
}

/** What a client says while its server is away is in the answers too. */
function ignore(): void {}

export async function openPostgres({
  url,
  pool: options,
}: PostgresPlan): Promise<
  OpenStore & { readonly pool: Pool; readonly store: ReturnType<typeof postgresReplayStore> }
> {
  const pool = new Pool({ connectionString: url, ...options })
  pool.on('error', ignore)
  const store = postgresReplayStore({ query: (text, values) => pool.query(text, values) })
  async function warm(): Promise<void> {
    const all = Array.from({ length: pool.options.max }, () => pool.connect())
    for (const client of await Promise.all(all)) client.release()
  }
  return { store, pool, warm, close: () => pool.end() }
}
