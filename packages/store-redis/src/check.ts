import { randomBytes } from 'node:crypto'
import { ConfigError } from '@countersign/core'
import type { Asking } from './ask'
import { noWaitInClusters, type RedisSettings } from './options'
import { isDurable, readDetails, type Details, type RedisReport } from './report'
import type { Uses } from './uses'

/**
 * Claims a random key, frees it again, and checks the server's settings.
 * @throws ConfigError `store_unsafe`, `option_invalid`
 */
export async function check(
  asking: Asking,
  uses: Uses,
  {
    prefix,
    waitReplicas,
    durable,
  }: Pick<RedisSettings, 'prefix' | 'waitReplicas'> & { readonly durable: boolean },
): Promise<RedisReport> {
  const key = randomBytes(32).toString('base64url')
  const details = await readDetails(asking, prefix + key).catch((error: unknown) => {
    if (!DENIED.test(String(error))) throw named(error, prefix)
  })
  if (details) assertMaster(details, waitReplicas)
  await proveClaim(uses, key).catch((error: unknown) => {
    throw named(error, prefix)
  })
  if (!details) throw infoDenied()
  const { role: _, isCluster: __, replicaLag: ___, ...report } = details
  assertNothingIsEvicted(report)
  if (durable && !isDurable(report)) throw forgets(report)
  if (waitReplicas === undefined) assertReplicated(details, durable)
  return { ...report, role: 'master' }
}

async function proveClaim({ claim, unclaim, has }: Uses, key: string): Promise<void> {
  const owner = 'check'
  const isClaimed = (await claim(key, Date.now(), owner)) && (await has(key))
  if (isClaimed && (await unclaim(key, owner))) return
  throw unsafe('does not have a key that was just written', 'Send every command to the same master')
}

function assertMaster({ role, isCluster }: Details, waitReplicas: number | undefined): void {
  if (role !== 'master') throw replica()
  if (waitReplicas !== undefined && isCluster) throw noWaitInClusters()
}

function assertNothingIsEvicted({
  maxmemoryPolicy,
  maxmemory,
}: Pick<RedisReport, 'maxmemoryPolicy' | 'maxmemory'>): void {
  if (maxmemoryPolicy === 'noeviction') return
  const consequence = 'used credentials would be accepted again'
  const fix = 'Set maxmemory-policy to noeviction, or use a server that is not a cache'
  if (maxmemory !== 0) {
    throw unsafe(
      `evicts entries when its memory is full (maxmemory-policy ${maxmemoryPolicy}): ${consequence}`,
      fix,
    )
  }
  warn(
    'COUNTERSIGN_REDIS_EVICTION',
    `the Redis server evicts entries as soon as maxmemory is set (maxmemory-policy ${maxmemoryPolicy}): ${consequence}. ${fix}.`,
  )
}

function forgets({ persistence }: Pick<RedisReport, 'persistence'>): ConfigError {
  const how = persistence === 'rdb' ? 'snapshots only' : 'no persistence'
  return unsafe(
    `forgets used credentials when it restarts (${how})`,
    'Set appendonly to yes, with appendfsync always or everysec',
  )
}

/** Longer than this a master that was replaced goes on accepting writes, which are lost. In seconds. */
const MAX_LAG = 1

function assertReplicated(
  { connectedReplicas, replicaLag = 0, isCluster }: Details,
  durable: boolean,
): void {
  if (connectedReplicas === 0 || replicaLag <= MAX_LAG) return
  const what = `has replicas and acknowledges uses that none of them has (min-replicas-to-write ${replicaLag === Infinity ? 'is 0' : `with min-replicas-max-lag ${replicaLag}`}): a failover can lose the uses of its last seconds`
  const onServer = 'min-replicas-to-write 1 and min-replicas-max-lag 1 on the servers'
  const fix = isCluster ? `Set ${onServer}` : `Set \`waitReplicas: 1\`, or ${onServer}`
  if (durable) throw unsafe(what, fix)
  warn('COUNTERSIGN_REDIS_REPLICAS', `the Redis server ${what}. ${fix}.`)
}

const DENIED = /NOPERM|can't run this command/

/** Gives the server's refusals a name and a fix; any other error stays as it is. */
function named(error: unknown, prefix: string): unknown {
  const text = String(error)
  const found = REFUSALS.find(([code]) => code.test(text))
  return found ? Object.assign(found[1](prefix), { cause: error }) : error
}

const REFUSALS: readonly (readonly [code: RegExp, make: (prefix: string) => ConfigError])[] = [
  [
    DENIED,
    (prefix) =>
      unsafe(
        "does not permit this user what a claim needs (NOPERM): a command, or a key with the store's prefix",
        `Give the user +evalsha +eval +get +set +del +info and ~${prefix}*`,
      ),
  ],
  [/READONLY/, replica],
  [
    /NOREPLICAS/,
    () =>
      unsafe(
        'refuses writes, because it has fewer replicas than min-replicas-to-write asks for (NOREPLICAS)',
        'Start its replicas, or lower min-replicas-to-write',
      ),
  ],
  [/OOM/, () => unsafe('refuses writes, because its memory is full (OOM)', 'Raise maxmemory')],
  [
    /MISCONF/,
    () =>
      unsafe(
        'refuses writes, because it cannot write its files (MISCONF)',
        'See its log: the disk may be full',
      ),
  ],
]

function replica(): ConfigError {
  return unsafe('is a replica, which accepts no writes and may lag behind', 'Connect to its master')
}

function infoDenied(): ConfigError {
  return unsafe(
    'accepts claims, but does not permit INFO, so its eviction, persistence and replicas are unknown',
    'Give the user +info, or do not call `check()`',
  )
}

function unsafe(what: string, fix: string): ConfigError {
  return new ConfigError('store_unsafe', { problem: `The Redis server ${what}`, fix })
}

function warn(code: string, message: string): void {
  process.emitWarning(`Countersign: ${message}`, { type: 'CountersignWarning', code })
}
