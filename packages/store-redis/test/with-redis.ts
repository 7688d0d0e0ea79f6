import { randomBytes } from 'node:crypto'
import {
  eventually,
  findProgram,
  serverOrSkip,
  startRedis,
  type RedisServer,
} from '@countersign/test-servers'
import { CLIENTS, type Connection, type Open } from './clients'

const found = serverOrSkip('redis-server', findProgram('redis-server'))

/** `describe` where a Redis server can be started, to be killed, starved or filled. */
export const describeWithRedis: jest.Describe = found ? describe : describe.skip

/** A key as the core makes them. */
export function newKey(): string {
  return randomBytes(32).toString('base64url')
}

/** What a test has opened; closed in the opposite order. */
export interface Opened {
  server(...args: readonly string[]): Promise<RedisServer>
  client(url: string, open?: Open): Promise<Connection>
  /** Anything else. */
  add<Thing extends { close(): unknown }>(thing: Thing): Thing
}

/** Closes after each test what it has opened. */
export function opened(): Opened {
  const closing: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close()
  })
  return {
    async server(...args) {
      const server = await startRedis({ args })
      closing.push(() => server.stop())
      return server
    },
    async client(url, open = CLIENTS[0]![1]) {
      const connection = await open(url)
      closing.push(() => connection.close())
      return connection
    },
    add(thing) {
      closing.push(() => thing.close())
      return thing
    },
  }
}

export function inAMinute(): number {
  return Date.now() + 60_000
}

/** What a store of one replica says where that is late. */
export const SHORT = '0 of 1 replicas confirmed the write within 250 ms'

/** Asks again while the replica is late, as it is on a busy machine. */
export function patiently<Answer>(
  ask: () => Answer | PromiseLike<Answer>,
): Promise<Exclude<Answer, false | null | undefined>> {
  return eventually(async () => {
    try {
      return await ask()
    } catch (error) {
      if ((error as Error).message !== SHORT) throw error
      return undefined
    }
  })
}
