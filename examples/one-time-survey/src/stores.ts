import { memoryReplayStore, type ReplayStore } from '@countersign/express'
import { postgresReplayStore } from '@countersign/store-postgres'
import { redisReplayStore } from '@countersign/store-redis'
import { Pool } from 'pg'
import { createClient } from 'redis'
import { memoryAnswers, postgresAnswers, type Answers } from './answers'

export interface Stores {
  /** Remembers used links: in Redis if there is one, else in PostgreSQL, else in this process. */
  readonly replayStore: ReplayStore
  readonly answers: Answers
  close(): Promise<void>
}

/** @throws if a server would forget used links: it is better to know this at start */
export async function openStores({ REDIS_URL, DATABASE_URL }: NodeJS.ProcessEnv): Promise<Stores> {
  const redis = REDIS_URL ? redisClient(REDIS_URL) : undefined
  const pool = DATABASE_URL ? postgresPool(DATABASE_URL) : undefined
  const close = async (): Promise<void> => {
    redis?.destroy()
    await pool?.end()
  }
  try {
    const replayStore = redis
      ? await inRedis(redis)
      : pool
        ? await inPostgres(pool)
        : memoryReplayStore()
    return { replayStore, answers: pool ? await postgresAnswers(pool) : memoryAnswers(), close }
  } catch (error) {
    await close()
    throw error
  }
}

function redisClient(url: string) {
  // while Redis is down, visitors get an error immediately, not when it is back
  const client = createClient({ url, disableOfflineQueue: true })
  client.on('error', (error: Error) => console.error(`Redis: ${error.message}`)) // it connects again by itself
  return client
}

async function inRedis(client: ReturnType<typeof redisClient>): Promise<ReplayStore> {
  await client.connect()
  const store = redisReplayStore({ sendCommand: (...args) => client.sendCommand(args) })
  await store.check({ durable: true })
  return store
}

function postgresPool(connectionString: string): Pool {
  const pool = new Pool({ connectionString, connectionTimeoutMillis: 5_000 })
  pool.on('error', (error) => console.error(`PostgreSQL: ${error.message}`)) // likewise
  return pool
}

async function inPostgres(pool: Pool): Promise<ReplayStore> {
  const store = postgresReplayStore({ query: (text, values) => pool.query(text, values) })
  await store.migrate()
  await store.check()
  return store
}
