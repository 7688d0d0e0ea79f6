import { ConfigError, readOptions, type Option, type OptionTable } from '@countersign/core'

/** One command, its name first, as a client sends it. */
export type RedisCommand = [name: string, ...args: string[]]

/** A command for a cluster client that needs to know where to send it. */
export interface RedisClusterCommand {
  /** The key that decides which node is asked. */
  readonly key: string
  /** Always false: a replica may not know yet. */
  readonly readonly: boolean
  readonly args: RedisCommand
}

/** The client of a `redisReplayStore`, and how it is used. */
export interface RedisReplayStoreOptions {
  /**
   * Sends one command and returns the reply, with texts as strings. The client must be used for
   * nothing else that changes its connection (`SELECT`, `MULTI`). ioredis and its `Cluster`:
   * `(...args) => redis.call(...args)`; node-redis: `(...args) => client.sendCommand(args)`.
   */
  readonly sendCommand?: ((...command: RedisCommand) => Promise<unknown>) | undefined
  /**
   * The same for node-redis' cluster, which needs the key:
   * `({ key, readonly, args }) => cluster.sendCommand(key, readonly, args)`.
   */
  readonly sendClusterCommand?: ((command: RedisClusterCommand) => Promise<unknown>) | undefined
  /**
   * What its keys begin with. Apps that share a server and a credential share the prefix too.
   * @default 'countersign:'
   */
  readonly prefix?: string | undefined
  /**
   * How many replicas must confirm a use, from 1 to 64. Needs one server and one connection, not a
   * cluster or a pool: Redis counts replicas for the connection that wrote.
   * @default none
   */
  readonly waitReplicas?: number | undefined
  /**
   * Whether its memory survives a restart. Set it where the server does not report it, as managed servers
   * may not; otherwise `check()` finds out.
   * @default false until `check()` has seen an append-only file
   */
  readonly durable?: boolean | undefined
}

/** What `check()` refuses. */
export interface CheckOptions {
  /**
   * Also refuse a server that forgets uses when it restarts, or when it fails over to a replica.
   * @default false
   */
  readonly durable?: boolean | undefined
}

const STORE = 'redisReplayStore()'
const MAX_PREFIX = 128
const MAX_REPLICAS = 64

/** The options with their defaults. */
export interface RedisSettings {
  readonly sendCommand: RedisReplayStoreOptions['sendCommand']
  readonly sendClusterCommand: RedisReplayStoreOptions['sendClusterCommand']
  readonly prefix: string
  readonly waitReplicas: number | undefined
  readonly durable: boolean | undefined
}

function callback<Callback>(): Option<Callback | undefined> {
  return {
    wanted: 'a function',
    fallback: undefined,
    read: (given) => (typeof given === 'function' ? (given as Callback) : undefined), // its caller's type
  }
}

function flag<Fallback>(fallback: Fallback): Option<boolean | Fallback> {
  return {
    wanted: 'true or false',
    fallback,
    read: (given) => (typeof given === 'boolean' ? given : undefined),
  }
}

const TABLE: OptionTable<RedisSettings> = {
  sendCommand: callback(),
  sendClusterCommand: callback(),
  prefix: {
    wanted: `a text of at most ${MAX_PREFIX} characters`,
    fallback: 'countersign:',
    read: (given) => (typeof given === 'string' && given.length <= MAX_PREFIX ? given : undefined),
  },
  waitReplicas: {
    wanted: `a whole number of replicas from 1 to ${MAX_REPLICAS}`,
    fallback: undefined,
    read: (given) =>
      Number.isInteger(given) && Number(given) >= 1 && Number(given) <= MAX_REPLICAS
        ? Number(given)
        : undefined,
  },
  durable: flag(undefined),
}

/** @throws ConfigError */
export function redisSettings(options: RedisReplayStoreOptions): RedisSettings {
  const settings = readOptions(STORE, TABLE, options)
  const { sendCommand, sendClusterCommand, waitReplicas } = settings
  if (!sendCommand && !sendClusterCommand) {
    throw invalid(
      `${STORE} has no way to send a command`,
      'Pass `sendCommand`, for node-redis: (...args) => client.sendCommand(args)',
    )
  }
  if (sendCommand && sendClusterCommand) {
    throw invalid(
      `${STORE} has two ways to send a command`,
      'Pass `sendClusterCommand` for the cluster of node-redis, `sendCommand` for all others',
    )
  }
  if (waitReplicas !== undefined && sendClusterCommand) throw noWaitInClusters()
  return settings
}

/** @throws ConfigError */
export function checkSettings(options?: CheckOptions): { readonly durable: boolean } {
  return readOptions('check()', { durable: flag(false) }, options)
}

/** For a cluster, whatever its client: WAIT cannot be sent to the node that wrote. */
export function noWaitInClusters(): ConfigError {
  return invalid(
    '`waitReplicas` does not work in a cluster: WAIT has no key to be routed by',
    'Leave it out, and set min-replicas-to-write 1 and min-replicas-max-lag 1 on the servers',
  )
}

function invalid(problem: string, fix: string): ConfigError {
  return new ConfigError('option_invalid', { problem, fix })
}
