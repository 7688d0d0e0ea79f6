import type { Asking } from './ask'
import { INFO } from './scripts'

/** What a Redis server says about itself. */
export interface RedisReport {
  /** Safe where it is `noeviction`, or where `maxmemory` is 0: without a limit nothing is evicted. */
  readonly maxmemoryPolicy: string
  /** Bytes; 0 for no limit. */
  readonly maxmemory: number
  /**
   * `aof`: the server does not say how often it syncs its append-only file. `rdb` loses the writes
   * since the last snapshot. `none` also where the server does not say whether it takes snapshots.
   */
  readonly persistence: 'aof-always' | 'aof-everysec' | 'aof-no' | 'aof' | 'rdb' | 'none'
  readonly connectedReplicas: number
  /** A replica is refused. */
  readonly role: 'master'
  readonly version: string
}

/** The report, and what else `check()` reads. */
export interface Details extends Omit<RedisReport, 'role'> {
  readonly role: string
  readonly isCluster: boolean
  /**
   * `min-replicas-max-lag` in seconds, `undefined` where the server does not say; `Infinity` where it
   * accepts writes that no replica has.
   */
  readonly replicaLag: number | undefined
}

/** @param key chooses the node of a cluster */
export async function readDetails({ ask, send }: Asking, key: string): Promise<Details> {
  const info = readInfo((await ask(INFO, key)) ?? '')
  const setting = (name: string): Promise<string | undefined> => settingOf(send, key, name)
  return {
    maxmemoryPolicy: info('maxmemory_policy'),
    maxmemory: Number(info('maxmemory')),
    persistence: await persistenceOf(info('aof_enabled'), setting),
    connectedReplicas: Number(info('connected_slaves')),
    role: info('role'),
    version: info('redis_version'),
    isCluster: info('cluster_enabled', '0') === '1',
    replicaLag: await replicaLagOf(info('min_slaves_good_slaves', 'none'), setting),
  }
}

/** Whether the server still has its entries after a restart. */
export function isDurable({ persistence }: Pick<RedisReport, 'persistence'>): boolean {
  return persistence.startsWith('aof')
}

/** @throws Error for a field that is missing and has no default */
function readInfo(text: string): (field: string, fallback?: string) => string {
  const fields = new Map<string, string>()
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1))
  }
  return (field, fallback) => {
    const value = fields.get(field) ?? fallback
    if (value) return value
    throw new Error(`INFO of this Redis server has no field ${field}`)
  }
}

type Setting = (name: string) => Promise<string | undefined>

async function persistenceOf(
  aofEnabled: string,
  setting: Setting,
): Promise<RedisReport['persistence']> {
  if (aofEnabled === '1') {
    const sync = await setting('appendfsync')
    return sync === 'always' || sync === 'everysec' || sync === 'no' ? `aof-${sync}` : 'aof'
  }
  return (await setting('save')) ? 'rdb' : 'none'
}

/** INFO has the field only where `min-replicas-to-write` is set. */
async function replicaLagOf(goodReplicas: string, setting: Setting): Promise<number | undefined> {
  if (goodReplicas === 'none') return Infinity
  const lag = await setting('min-replicas-max-lag')
  return lag === undefined ? undefined : Number(lag)
}

/** `undefined` where the server does not say: managed servers may not have CONFIG. */
async function settingOf(
  send: Asking['send'],
  key: string,
  name: string,
): Promise<string | undefined> {
  const reply = await send(key, 'CONFIG', 'GET', name).catch(() => undefined)
  const value: unknown = Array.isArray(reply) ? reply[1] : valueIn(reply, name)
  return typeof value === 'string' ? value : undefined
}

/** Clients that use RESP3 return a map or a record. */
function valueIn(reply: unknown, name: string): unknown {
  if (reply instanceof Map) return reply.get(name)
  return typeof reply === 'object' && reply !== null ? Reflect.get(reply, name) : undefined
}
