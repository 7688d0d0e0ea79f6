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

async function withIoredis(url: string): Promise<Connection> {
  const redis = new Redis(url, { retryStrategy: () => 20 }).on('error', quietly)
  return viaCall(redis)
}

async function withIoredis5(url: string): Promise<Connection> {
  const redis = new Redis5(url, { retryStrategy: () => 20 }).on('error', quietly)
  return viaCall(redis)
}

interface WithCall {
  call(...command: RedisCommand): Promise<unknown>
  disconnect(): void
}

function viaCall(redis: WithCall): Connection {
  const sendCommand = (...args: RedisCommand): Promise<unknown> => redis.call(...args)
  return { options: { sendCommand }, send: sendCommand, close: () => redis.disconnect() }
}

async function withNodeRedis(url: string): Promise<Connection> {
  const client = createClient({ url, socket: { reconnectStrategy: 20 } }).on('error', quietly)
  await client.connect()
  return viaSendCommand(client)
}

async function withNodeRedis5(url: string): Promise<Connection> {
  const client = createClient5({ url, socket: { reconnectStrategy: 20 } }).on('error', quietly)
  await client.connect()
  return viaSendCommand(client)
}

interface WithSendCommand {
  sendCommand(args: RedisCommand): Promise<unknown>
  destroy(): void
}

function viaSendCommand(client: WithSendCommand): Connection {
  const sendCommand = (...args: RedisCommand): Promise<unknown> => client.sendCommand(args)
  return { options: { sendCommand }, send: sendCommand, close: () => client.destroy() }
}

/** Every client of one server that the package is made for. */
export const CLIENTS: readonly (readonly [name: string, open: Open])[] = [
  ['ioredis 6', withIoredis],
  ['ioredis 5', withIoredis5],
  ['redis 6', withNodeRedis],
  ['redis 5', withNodeRedis5],
]

async function withIoredisCluster(url: string): Promise<Connection> {
  return viaCall(new Cluster([url]).on('error', quietly))
}

async function withIoredisCluster5(url: string): Promise<Connection> {
  return viaCall(new Cluster5([url]).on('error', quietly))
}

async function withNodeRedisCluster(url: string): Promise<Connection> {
  const cluster = createCluster({ rootNodes: [{ url }] }).on('error', quietly)
  await cluster.connect()
  return viaSendClusterCommand(cluster)
}

async function withNodeRedisCluster5(url: string): Promise<Connection> {
  const cluster = createCluster5({ rootNodes: [{ url }] }).on('error', quietly)
  await cluster.connect()
  return viaSendClusterCommand(cluster)
}

interface WithSendClusterCommand {
  sendCommand(key: string, readonly: boolean, args: RedisCommand): Promise<unknown>
  destroy(): void
}

function viaSendClusterCommand(cluster: WithSendClusterCommand): Connection {
  return {
    options: {
      sendClusterCommand: ({ key, readonly, args }) => cluster.sendCommand(key, readonly, args),
    },
    send: (...args) => cluster.sendCommand(args[1] ?? '', false, args),
    close: () => cluster.destroy(),
  }
}

/** Every client of a cluster. */
export const CLUSTER_CLIENTS: readonly (readonly [name: string, open: Open])[] = [
  ['ioredis 6', withIoredisCluster],
  ['ioredis 5', withIoredisCluster5],
  ['redis 6', withNodeRedisCluster],
  ['redis 5', withNodeRedisCluster5],
]
