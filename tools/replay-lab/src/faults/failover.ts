import { askRedis, eventually, startProxy, startRedis } from '@countersign/test-servers'
import type { FaultyProxy, RedisServer } from '@countersign/test-servers'
import { startApp } from '../app'
import type { Fault } from '../outcome'
import { order } from '../redis-box'
import { openRedis, type RedisClient } from '../stores'
import { openSwitch, type Switch } from './switch'
import { runTrial, type Trial } from '../trial'

/** A primary and its replica, a server more, the way between them, and the address that apps know. */
interface Pair {
  readonly primary: RedisServer
  readonly replica: RedisServer
  /** Stands by. */
  readonly next: RedisServer
  readonly link: FaultyProxy
  readonly address: Switch
  stop(): Promise<void>
}

async function openPair(): Promise<Pair> {
  const primary = await startRedis()
  const replica = await startRedis()
  const next = await startRedis()
  const link = await startProxy(primary.port)
  const address = await openSwitch(primary.port)
  await follow(replica, link.port)
  return {
    primary,
    replica,
    next,
    link,
    address,
    async stop() {
      await address.close()
      await link.close()
      await Promise.all([replica.stop(), next.stop()])
      await primary.stop()
    },
  }
}

async function follow(replica: RedisServer, port: number): Promise<void> {
  await order(replica.port, `REPLICAOF 127.0.0.1 ${port}`)
  await eventually(async () => {
    const info = await askRedis(replica.port, 'INFO replication')
    return info.includes('master_link_status:up')
  })
}

/** The replica becomes the primary, and gets a replica of its own. */
async function promote({ replica, next, address }: Pair): Promise<void> {
  await order(replica.port, 'REPLICAOF NO ONE')
  address.leadTo(replica.port)
  await follow(next, replica.port)
  // until then nobody counts it, and who waits for it is in the others' way
  await eventually(async () => {
    const info = await askRedis(replica.port, 'INFO replication')
    return /^slave0:.*state=online/m.test(info)
  })
}

/** The replica hears of nothing, the primary takes the links and dies, the replica takes over. */
async function loseWrites(pair: Pair, trial: Trial): Promise<void> {
  await trial.used(5)
  pair.link.cut()
  const links = await trial.fresh(5)
  for (const link of links) await trial.during([link]) // who waits for a replica is in others' way
  pair.primary.kill('SIGKILL')
  await pair.primary.stopped
  await promote(pair)
  for (const link of links) await trial.decided([link])
}

/** The app's address leads to a server that has become a replica meanwhile. */
async function demote(pair: Pair, trial: Trial): Promise<void> {
  const used = await trial.used(5)
  const sizes = (): Promise<string[]> =>
    Promise.all([pair.primary, pair.replica].map(({ port }) => askRedis(port, 'DBSIZE')))
  await eventually(async () => (await sizes()).every((size) => size === ':5\r\n'))
  await order(pair.replica.port, 'REPLICAOF NO ONE')
  await follow(pair.primary, pair.replica.port)
  await trial.during([...used, ...(await trial.fresh(10))])
  pair.address.leadTo(pair.replica.port)
}

interface Plan extends Pick<Fault, 'id' | 'name' | 'expected' | 'verdict'> {
  make(pair: Pair, trial: Trial): Promise<void>
  readonly waitReplicas?: number
}

const PLANS: readonly Plan[] = [
  {
    id: 'readonly',
    name: 'READONLY: the primary became a replica',
    expected: { store_unavailable: 10, token_replayed: 5 },
    make: demote,
  },
  {
    id: 'failover',
    name: 'failover that loses acknowledged writes',
    expected: { accepted: 10 },
    verdict: 'lost',
    make: loseWrites,
  },
  {
    id: 'failover-waited',
    name: 'failover that loses acknowledged writes, `waitReplicas: 1`',
    expected: { store_unavailable: 5, accepted: 5 },
    make: loseWrites,
    waitReplicas: 1,
  },
]

/** Seconds; longer than a write waits for its replicas. */
const LONG_ENOUGH = 0.5

export const failoverFaults: readonly Fault[] = (['ioredis', 'node-redis'] as const).flatMap(
  (client) => PLANS.map((plan) => failoverFault(client, plan)),
)

function failoverFault(client: RedisClient, { make, waitReplicas, ...plan }: Plan): Fault {
  return {
    ...plan,
    id: `${plan.id}-${client}`,
    store: `Redis, ${client}`,
    async run() {
      const pair = await openPair()
      const { port } = pair.address
      const { store, close } = await openRedis({ kind: 'redis', client, port, waitReplicas })
      try {
        const app = await startApp({ store, storeDeadline: LONG_ENOUGH })
        return await runTrial([app], (trial) => make(pair, trial), LONG_ENOUGH * 1_000 + 50)
      } finally {
        await close()
        await pair.stop()
      }
    },
  }
}
