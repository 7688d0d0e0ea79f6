import { ConfigError } from '@countersign/core'
import { evaluation, textOrNull, type Send } from './connection'
import { noWaitInClusters, type CheckOptions } from './options'
import { INFO } from './scripts'

/** What a Redis server says of itself. */
export interface RedisReport {
  /** `noeviction`, or any other where `maxmemory` is 0: without a limit nothing is evicted. */
  readonly maxmemoryPolicy: string
  /** Bytes; 0 for no limit. */
  readonly maxmemory: number
  /**
   * `aof`: it does not say how often it syncs its append-only file. `rdb` loses what came after the
   * last snapshot. `none`: also where it does not say whether it takes snapshots.
   */
  readonly persistence: 'aof-always' | 'aof-everysec' | 'aof-no' | 'aof' | 'rdb' | 'none'
  readonly connectedReplicas: number
  /** A replica is refused. */
  readonly role: 'master'
  readonly version: string
}

export interface Inspection extends CheckOptions {
  /** Chooses the node of a cluster. */
  readonly key: string
  readonly waitReplicas: number | undefined
}

/** @throws ConfigError where uses would be lost */
export async function inspect(send: Send, inspection: Inspection): Promise<RedisReport> {
  const { key, durable = false, waitReplicas } = inspection
  const info = readInfo(
    textOrNull(await send(key, ...evaluation(key, { script: INFO, args: [] })), 'INFO') ?? '',
  )
  if (waitReplicas !== undefined && info('cluster_enabled', '0') === '1') throw noWaitInClusters()
  const report: RedisReport = {
    maxmemoryPolicy: info('maxmemory_policy'),
    maxmemory: Number(info('maxmemory')),
    persistence: await persistenceOf(info('aof_enabled'), (name) => setting(send, key, name)),
    connectedReplicas: Number(info('connected_slaves')),
    role: masterOnly(info('role')),
    version: info('redis_version'),
  }
  assertNothingIsEvicted(report)
  if (durable && !isDurable(report)) throw forgets(report)
  return report
}

/** Whether it would know its entries after a restart. */
export function isDurable({ persistence }: RedisReport): boolean {
  return persistence.startsWith('aof')
}

type Info = (field: string, otherwise?: string) => string

/** @throws Error for a field that is not there */
function readInfo(text: string): Info {
  const fields = new Map<string, string>()
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1))
  }
  return (field, otherwise) => {
    const value = fields.get(field) ?? otherwise
    if (value) return value
    throw new Error(`INFO of this server says nothing of ${field}`)
  }
}

async function persistenceOf(
  aofEnabled: string,
  ask: (name: string) => Promise<string | undefined>,
): Promise<RedisReport['persistence']> {
  if (aofEnabled === '1') {
    const sync = await ask('appendfsync')
    return sync === 'always' || sync === 'everysec' || sync === 'no' ? `aof-${sync}` : 'aof'
  }
  return (await ask('save')) ? 'rdb' : 'none'
}

/** `undefined` where the server does not say: managed ones know no CONFIG. */
async function setting(send: Send, key: string, name: string): Promise<string | undefined> {
  const reply = await send(key, 'CONFIG', 'GET', name).catch(() => undefined)
  const value: unknown = Array.isArray(reply) ? reply[1] : valueIn(reply, name)
  return typeof value === 'string' ? value : undefined
}

/** Clients that speak RESP3 make a map or a record of it. */
function valueIn(reply: unknown, name: string): unknown {
  if (reply instanceof Map) return reply.get(name)
  return typeof reply === 'object' && reply !== null ? Reflect.get(reply, name) : undefined
}

function masterOnly(role: string): 'master' {
  if (role === 'master') return role
  throw unsafe('is a replica, which takes no writes and may lag behind', 'Connect to its master')
}

function assertNothingIsEvicted({ maxmemoryPolicy, maxmemory }: RedisReport): void {
  if (maxmemoryPolicy === 'noeviction' || maxmemory === 0) return
  throw unsafe(
    `evicts entries when its memory is full (maxmemory-policy ${maxmemoryPolicy}): used credentials would be fresh again`,
    'Set maxmemory-policy to noeviction, or use a server that is no cache',
  )
}

function forgets({ persistence }: RedisReport): ConfigError {
  return unsafe(
    `forgets used credentials when it is restarted (${persistence === 'rdb' ? 'snapshots only' : 'no persistence'})`,
    'Set appendonly to yes, with appendfsync always or everysec',
  )
}

function unsafe(what: string, fix: string): ConfigError {
  return new ConfigError('store_unsafe', { problem: `The Redis server ${what}`, fix })
}
