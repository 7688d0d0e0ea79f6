import { ConfigError } from '@countersign/core'

/** One command, its name first, as a client sends it. */
export type RedisCommand = [name: string, ...args: string[]]

/** A command for a cluster client that must be told where to send it. */
export interface RedisClusterCommand {
  /** The key that decides which node is asked. */
  readonly key: string
  /** Always false: a replica may not know yet. */
  readonly readonly: boolean
  readonly args: RedisCommand
}

export interface RedisReplayStoreOptions {
  /**
   * Sends one command and answers with the reply, text as text. ioredis and its `Cluster`:
   * `(...args) => redis.call(...args)`; node-redis: `(...args) => client.sendCommand(args)`.
   */
  readonly sendCommand?: ((...command: RedisCommand) => Promise<unknown>) | undefined
  /**
   * The same for node-redis' cluster, which must be told the key:
   * `({ key, readonly, args }) => cluster.sendCommand(key, readonly, args)`.
   */
  readonly sendClusterCommand?: ((command: RedisClusterCommand) => Promise<unknown>) | undefined
  /**
   * What its keys begin with. Apps that share a server and a credential share the prefix too.
   * @default 'countersign:'
   */
  readonly prefix?: string | undefined
  /**
   * How many replicas must have a use before it counts, at least 1. Needs one server and one
   * connection, no cluster and no pool: Redis counts replicas for the connection that wrote.
   * @default none
   */
  readonly waitReplicas?: number | undefined
  /**
   * That what it remembers survives a restart. State it where the server does not tell, as managed
   * ones may not; otherwise `check()` finds out.
   * @default false until `check()` has seen an append-only file
   */
  readonly durable?: boolean | undefined
}

export interface CheckOptions {
  /**
   * Also refuse a server that would forget on a restart.
   * @default false
   */
  readonly durable?: boolean | undefined
}

const KNOWN = ['sendCommand', 'sendClusterCommand', 'prefix', 'waitReplicas', 'durable']
const MAX_PREFIX = 128
const MAX_REPLICAS = 64

/** @throws ConfigError */
export function assertOptions(options: RedisReplayStoreOptions): void {
  assertKnown(options, KNOWN, 'redisReplayStore')
  const { sendCommand, sendClusterCommand, prefix, waitReplicas, durable } = options
  assertOneWay(sendCommand, sendClusterCommand)
  if (prefix !== undefined && !isPrefix(prefix)) {
    throw invalid('prefix', `a text of at most ${MAX_PREFIX} characters`)
  }
  if (waitReplicas !== undefined && !isReplicaCount(waitReplicas)) {
    throw invalid('waitReplicas', `a whole number of replicas from 1 to ${MAX_REPLICAS}`)
  }
  if (durable !== undefined && typeof durable !== 'boolean') throw invalid('durable', BOOLEAN)
  if (waitReplicas !== undefined && sendClusterCommand !== undefined) throw noWaitInClusters()
}

/** @throws ConfigError */
export function assertCheckOptions(options: CheckOptions): void {
  assertKnown(options, ['durable'], 'check')
  const { durable } = options
  if (durable !== undefined && typeof durable !== 'boolean') throw invalid('durable', BOOLEAN)
}

/** Of a cluster, whatever its client: nobody can say which node will answer. */
export function noWaitInClusters(): ConfigError {
  return new ConfigError('option_invalid', {
    problem: '`waitReplicas` does not work in a cluster: WAIT has no key to be routed by',
    fix: 'Leave it out, or use a server with replicas and no cluster',
  })
}

function assertKnown(options: object, known: readonly string[], owner: string): void {
  const stranger = Object.keys(options).find((name) => !known.includes(name))
  if (stranger === undefined) return
  throw new ConfigError('option_unknown', {
    problem: `${owner} has no option "${stranger}"`,
    fix: `Its options are ${known.join(', ')}`,
  })
}

function assertOneWay(sendCommand: unknown, sendClusterCommand: unknown): void {
  const given = sendCommand ?? sendClusterCommand
  if (given === undefined || given === null) {
    throw new ConfigError('option_invalid', {
      problem: 'redisReplayStore has no way to send a command',
      fix: 'Pass `sendCommand`, for node-redis: (...args) => client.sendCommand(args)',
    })
  }
  if (sendCommand !== undefined && sendClusterCommand !== undefined) {
    throw new ConfigError('option_invalid', {
      problem: 'redisReplayStore has two ways to send a command',
      fix: 'Pass `sendClusterCommand` for the cluster of node-redis, `sendCommand` for all others',
    })
  }
  const name = sendCommand === undefined ? 'sendClusterCommand' : 'sendCommand'
  if (typeof given !== 'function') throw invalid(name, 'a function')
}

const BOOLEAN = 'true or false'

function isPrefix(value: unknown): boolean {
  return typeof value === 'string' && value.length <= MAX_PREFIX
}

function isReplicaCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_REPLICAS
}

function invalid(name: string, wanted: string): ConfigError {
  return new ConfigError('option_invalid', {
    problem: `The option "${name}" is not ${wanted}`,
    fix: `Set it to ${wanted}, or leave it out`,
  })
}
