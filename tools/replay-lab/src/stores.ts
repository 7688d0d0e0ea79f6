import { memoryReplayStore, type ReplayStore } from '@countersign/core'
import { postgresReplayStore } from '@countersign/store-postgres'
import { redisReplayStore } from '@countersign/store-redis'
import { Cluster, Redis } from 'ioredis'
import { Pool, type PoolConfig } from 'pg'
import { createClient, createCluster } from 'redis'

/** A store and how to reach it, as JSON. */
export type StorePlan = { readonly kind: 'memory' } | RedisPlan | PostgresPlan

export interface RedisPlan {
  readonly kind: 'redis'
  readonly client: RedisClient
  readonly port: number
  readonly waitReplicas?: number | undefined
  /** The port is that of a cluster's node. */
  readonly cluster?: boolean
}

export interface PostgresPlan {
  readonly kind: 'postgres'
  readonly url: string
  readonly pool?: PoolConfig | undefined
}

export type RedisClient = 'ioredis' | 'node-redis'

export interface OpenStore {
  readonly store: ReplayStore
  close(): Promise<void>
}

/** Connects as an application does, with the client's own defaults. */
export async function openStore(plan: StorePlan): Promise<OpenStore> {
  if (plan.kind === 'redis') return openRedis(plan)
  if (plan.kind === 'postgres') return openPostgres(plan)
  return { store: memoryReplayStore(), close: async () => undefined }
}

type SendOptions = Parameters<typeof redisReplayStore>[0]

export async function openRedis(plan: RedisPlan): Promise<OpenStore> {
  const { send, close } = plan.client === 'ioredis' ? ioredis(plan) : await nodeRedis(plan)
  return { store: redisReplayStore({ ...send, waitReplicas: plan.waitReplicas }), close }
}

interface Connected {
  readonly send: SendOptions
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
    const send: SendOptions = {
      sendClusterCommand: ({ key, readonly, args }) => client.sendCommand(key, readonly, args),
    }
    return { send, close: async () => client.destroy() }
  }
  const client = createClient({ url })
  client.on('error', ignore)
  await client.connect()
  const send: SendOptions = { sendCommand: (...args) => client.sendCommand(args) }
  return { send, close: async () => client.destroy() }
}

/** What a client says while its server is away is in the answers too. */
function ignore(): void {}

export async function openPostgres({ url, pool: options }: PostgresPlan): Promise<
  OpenStore & {
    readonly store: ReturnType<typeof postgresReplayStore>
    /** Opens all of its connections. */
    warm(): Promise<void>
  }
> {
  const pool = new Pool({ connectionString: url, ...options })
  pool.on('error', ignore)
  const store = postgresReplayStore({ query: (text, values) => pool.query(text, values) })
  async function warm(): Promise<void> {
    const all = Array.from({ length: pool.options.max }, () => pool.connect())
    for (const client of await Promise.all(all)) client.release()
  }
  return { store, warm, close: () => pool.end() }
}
