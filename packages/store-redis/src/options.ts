import { ConfigError } from '@countersign/core'

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
const FLAG = 'true or false'
const MAX_PREFIX = 128
const MAX_REPLICAS = 64

/** @throws ConfigError */
export function assertOptions(options: RedisReplayStoreOptions): void {
  const { sendCommand, sendClusterCommand, prefix, waitReplicas, durable } = options
  const known = { sendCommand, sendClusterCommand, prefix, waitReplicas, durable }
  assertKnown(STORE, options, Object.keys(known))
  assertOneWay(sendCommand, sendClusterCommand)
  assertValue(
    'prefix',
    prefix === undefined || isPrefix(prefix),
    `a text of at most ${MAX_PREFIX} characters`,
  )
  assertValue(
    'waitReplicas',
    waitReplicas === undefined || isReplicaCount(waitReplicas),
    `a whole number of replicas from 1 to ${MAX_REPLICAS}`,
  )
  assertValue('durable', isFlag(durable), FLAG)
  if (waitReplicas !== undefined && sendClusterCommand !== undefined) throw noWaitInClusters()
}

/** @throws ConfigError */
export function assertCheckOptions(options: CheckOptions): void {
  assertKnown('check()', options, ['durable'])
  assertValue('durable', isFlag(options.durable), FLAG)
}

/** For a cluster, whatever its client: WAIT cannot be sent to the node that wrote. */
export function noWaitInClusters(): ConfigError {
  return invalid(
    '`waitReplicas` does not work in a cluster: WAIT has no key to be routed by',
    'Leave it out, and set min-replicas-to-write 1 and min-replicas-max-lag 1 on the servers',
  )
}

function assertKnown(owner: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new ConfigError('option_unknown', {
    problem: `${owner} has no option "${unknown}"`,
    fix: `Its options are ${known.join(', ')}`,
  })
}

function assertOneWay(sendCommand: unknown, sendClusterCommand: unknown): void {
  if ((sendCommand ?? sendClusterCommand ?? undefined) === undefined) {
    throw invalid(
      `${STORE} has no way to send a command`,
      'Pass `sendCommand`, for node-redis: (...args) => client.sendCommand(args)',
    )
  }
  if (sendCommand !== undefined && sendClusterCommand !== undefined) {
    throw invalid(
      `${STORE} has two ways to send a command`,
      'Pass `sendClusterCommand` for the cluster of node-redis, `sendCommand` for all others',
    )
  }
  const [name, given] =
    sendCommand === undefined
      ? ['sendClusterCommand', sendClusterCommand]
      : ['sendCommand', sendCommand]
  assertValue(String(name), typeof given === 'function', 'a function')
}

function isFlag(value: unknown): boolean {
  return value === undefined || typeof value === 'boolean'
}

function isPrefix(value: unknown): boolean {
  return typeof value === 'string' && value.length <= MAX_PREFIX
}

function isReplicaCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_REPLICAS
}

function assertValue(name: string, isValid: boolean, wanted: string): void {
  if (isValid) return
  throw invalid(`The option "${name}" is not ${wanted}`, `Set it to ${wanted}, or leave it out`)
}

function invalid(problem: string, fix: string): ConfigError {
  return new ConfigError('option_invalid', { problem, fix })
}
