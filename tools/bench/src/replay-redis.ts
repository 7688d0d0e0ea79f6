import { redisReplayStore } from '@countersign/store-redis'
import { startRedis } from '@countersign/test-servers'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import {
  type Claimer,
  type ClaimRates,
  IN_FLIGHT,
  inAnHour,
  newKeys,
  raceClaims,
  type ReplaySettings,
} from './claim-race'

export interface RedisResult {
  readonly client: string
  readonly races: readonly (readonly ClaimRates[])[]
  /** What one winning claim of the store cost, by the server's own count. */
  readonly cost: ClaimCost
}

export interface ClaimCost {
  readonly roundTrips: number
  /** Those that a script runs are counted too. */
  readonly commands: Readonly<Record<string, number>>
}

/** Sends one command, its name first. */
type Send = (...command: [name: string, ...args: string[]]) => Promise<unknown>

interface Client {
  readonly send: Send
  end(): unknown
}

export const redisClients: Readonly<Record<string, (url: string) => Promise<Client>>> = {
  async 'ioredis 6'(url) {
    const redis = new Redis(url)
    return { send: (...command) => redis.call(...command), end: () => redis.disconnect() }
  },
  async 'node-redis 6'(url) {
    const redis = await createClient({ url }).connect()
    return { send: (...command) => redis.sendCommand(command), end: () => redis.destroy() }
  },
}

/** The store and a bare command, through one connection to a server that is there for nothing else. */
export async function benchRedis(client: string, settings: ReplaySettings): Promise<RedisResult> {
  const server = await startRedis()
  try {
    const { send, end } = await redisClients[client]!(server.url) // one of the two
    const claimers = [storeClaimer(send), bareClaimer(send)]
    const { rounds, claims } = settings
    const race = { rounds, empty: () => send('FLUSHALL') }
    const races = [
      await raceClaims(claimers, { ...race, claims: claims.many, inFlight: IN_FLIGHT }),
      await raceClaims(claimers, { ...race, claims: claims.one, inFlight: 1 }),
    ]
    const cost = await countCost(send, claimers[0]!)
    end()
    return { client, races, cost }
  } finally {
    await server.stop()
  }
}

function storeClaimer(send: Send): Claimer {
  const { claim } = redisReplayStore({ sendCommand: send })
  return { name: 'redisReplayStore', claim }
}

/** The least that decides who is first: it cannot tell its own claim, whose answer was lost, from another one. */
function bareClaimer(send: Send): Claimer {
  return {
    name: 'bare SET NX PX',
    async claim(key, expiresAt) {
      const end = String(Math.ceil(expiresAt - Date.now()))
      return (await send('SET', `countersign:${key}`, '1', 'NX', 'PX', end)) === 'OK'
    },
  }
}

const CLAIMS = 1_000

/** One claim after another: each time the server has something to read is a round trip. */
async function countCost(send: Send, { claim }: Claimer): Promise<ClaimCost> {
  const keys = newKeys(CLAIMS + 1)
  await claim(keys.pop()!, inAnHour()) // may have more to tell a server that it does not know
  await send('CONFIG', 'RESETSTAT')
  for (const key of keys) await claim(key, inAnHour())
  const stats = String(await send('INFO', 'commandstats', 'stats'))
  const reads = Number(/^total_reads_processed:(\d+)/m.exec(stats)?.[1]) - 1 // to ask for the count
  const counted = [...stats.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)]
    .filter(([, name = '']) => !/^(config|info)/.test(name))
    .map(([, name = '', calls]) => [name.toUpperCase(), Number(calls) / CLAIMS])
  return { roundTrips: reads / CLAIMS, commands: Object.fromEntries(counted) }
}
