import { askRedis, eventually, startProxy, startRedis } from '@countersign/test-servers'
import type { FaultyProxy, RedisServer } from '@countersign/test-servers'
import { faultsOn, type Fault, type Row, type Site } from '../fault'
import { orderRedis } from '../sites'
import { openRedis, type RedisClient } from '../stores'
import type { Trial } from '../trial'

/** A primary with a replica, and a server that waits for its turn. */
interface Pair extends Site {
  readonly primary: RedisServer
  readonly replica: RedisServer
  readonly next: RedisServer
  /** Between primary and replica. */
  readonly link: FaultyProxy
  /** What the store connects to. */
  readonly address: FaultyProxy
}

async function openPair(client: RedisClient, waitReplicas?: number): Promise<Pair> {
  const [primary, replica, next] = [await startRedis(), await startRedis(), await startRedis()]
  const link = await startProxy(primary.port)
  const address = await startProxy(primary.port)
  await follow(replica, link.port)
  const { port } = address
  const { store, close } = await openRedis({ kind: 'redis', client, port, waitReplicas })
  return {
    ...{ store, primary, replica, next, link, address },
    async close() {
      await close()
      await address.close()
      await link.close()
      await Promise.all([replica.stop(), next.stop()])
      await primary.stop()
    },
  }
}

async function follow(replica: RedisServer, port: number): Promise<void> {
  await orderRedis(replica.port, `REPLICAOF 127.0.0.1 ${port}`)
  await informs(replica, /master_link_status:up/)
}

async function informs({ port }: RedisServer, line: RegExp): Promise<void> {
  await eventually(async () => line.test(await askRedis(port, 'INFO replication')))
}

/** The replica becomes the primary, and gets a replica of its own. */
async function promote({ replica, next, address }: Pair): Promise<void> {
  await orderRedis(replica.port, 'REPLICAOF NO ONE')
  address.leadTo(replica.port)
  await follow(next, replica.port)
  await informs(replica, /^slave0:.*state=online/m) // else `WAIT` does not count it
}

/** The replica hears of nothing, the primary takes the links and dies, the replica takes over. */
async function loseWrites(trial: Trial, pair: Pair): Promise<void> {
  await trial.used(5)
  pair.link.cut()
  const links = await trial.fresh(5)
  for (const link of links) await trial.during([link]) // `WAIT` delays all that is sent after it
  pair.primary.kill('SIGKILL')
  await pair.primary.stopped
  await promote(pair)
  for (const link of links) await trial.decided([link])
}

const LOST: Row<Pair> = {
  id: 'failover',
  name: 'failover that loses acknowledged writes',
  expected: { accepted: 10 },
  verdict: 'lost',
  app: { storeDeadline: 0.5 }, // longer than a write waits for its replicas
  make: loseWrites,
}

const WAITED: Row<Pair> = {
  ...LOST,
  id: 'failover-waited',
  name: `${LOST.name}, \`waitReplicas: 1\``,
  expected: { store_unavailable: 5, accepted: 5 },
  verdict: 'held',
}

const READONLY: Row<Pair> = {
  id: 'readonly',
  name: 'READONLY: the primary became a replica',
  expected: { store_unavailable: 10, token_replayed: 5 },
  async make(trial, { primary, replica, address }) {
    await trial.tryBoth(async () => {
      const size = await askRedis(primary.port, 'DBSIZE')
      await eventually(async () => (await askRedis(replica.port, 'DBSIZE')) === size)
      await orderRedis(replica.port, 'REPLICAOF NO ONE')
      await follow(primary, replica.port)
    })
    address.leadTo(replica.port)
  },
}

const pairs = (waitReplicas?: number) => ({
  ioredis: () => openPair('ioredis', waitReplicas),
  'node-redis': () => openPair('node-redis', waitReplicas),
})

export const failoverFaults: readonly Fault[] = [
  ...faultsOn(pairs(), [READONLY, LOST]),
  ...faultsOn(pairs(1), [WAITED]),
]
