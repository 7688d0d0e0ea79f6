import { Cluster, Redis } from 'ioredis'
import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis5'
import { createClient, createCluster } from 'redis'
import { createClient as createClient5, createCluster as createCluster5 } from 'redis5'
import type { RedisCommand, RedisReplayStoreOptions } from '../src'

/** How the store talks to a server, and how to hang up. */
export interface Connection {
  readonly options: RedisReplayStoreOptions
  send(...command: RedisCommand): Promise<unknown>
  close(): void
}

export type Open = (url: string) => Promise<Connection>

/** A client reports each failed attempt to connect; the tests look at what its callers get. */
function quietly(): void {}

interface Ioredis {
  call(...command: RedisCommand): Promise<unknown>
  disconnect(): void
}

function ofIoredis(make: (url: string) => Ioredis): Open {
  return async (url) => {
    const redis = make(url)
    const sendCommand = (...args: RedisCommand): Promise<unknown> => redis.call(...args)
    return { options: { sendCommand }, send: sendCommand, close: () => redis.disconnect() }
  }
}

interface NodeRedis {
  connect(): Promise<unknown>
  sendCommand(args: RedisCommand): Promise<unknown>
  destroy(): void
}

function ofNodeRedis(make: (url: string) => NodeRedis): Open {
  return async (url) => {
    const client = make(url)
    await client.connect()
    const sendCommand = (...args: RedisCommand): Promise<unknown> => client.sendCommand(args)
    return { options: { sendCommand }, send: sendCommand, close: () => client.destroy() }
  }
}

const retrying = { retryStrategy: () => 20 }
const socket = { reconnectStrategy: 20 }

/** Every client of one server that the package is made for. */
export const CLIENTS: readonly (readonly [name: string, open: Open])[] = [
  ['ioredis 6', ofIoredis((url) => new Redis(url, retrying).on('error', quietly))],
  ['ioredis 5', ofIoredis((url) => new Redis5(url, retrying).on('error', quietly))],
  ['redis 6', ofNodeRedis((url) => createClient({ url, socket }).on('error', quietly))],
  ['redis 5', ofNodeRedis((url) => createClient5({ url, socket }).on('error', quietly))],
]

interface NodeRedisCluster extends Pick<NodeRedis, 'connect' | 'destroy'> {
  sendCommand(key: string, readonly: boolean, args: RedisCommand): Promise<unknown>
}

function ofNodeRedisCluster(make: (rootNodes: { url: string }[]) => NodeRedisCluster): Open {
  return async (url) => {
    const cluster = make([{ url }])
    await cluster.connect()
    return {
      options: {
        sendClusterCommand: ({ key, readonly, args }) => cluster.sendCommand(key, readonly, args),
      },
      send: (...args) => cluster.sendCommand(args[1] ?? '', false, args),
      close: () => cluster.destroy(),
    }
  }
}

/** Every client of a cluster. */
export const CLUSTER_CLIENTS: typeof CLIENTS = [
  ['ioredis 6', ofIoredis((url) => new Cluster([url]).on('error', quietly))],
  ['ioredis 5', ofIoredis((url) => new Cluster5([url]).on('error', quietly))],
  ['redis 6', ofNodeRedisCluster((rootNodes) => createCluster({ rootNodes }).on('error', quietly))],
  [
    'redis 5',
    ofNodeRedisCluster((rootNodes) => createCluster5({ rootNodes }).on('error', quietly)),
  ],
]
