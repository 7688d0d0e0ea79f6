import { randomBytes } from 'node:crypto'
import {
  findPostgres,
  serverOrSkip,
  startPostgres,
  type PostgresServer,
} from '@countersign/test-servers'
import { Client, Pool, type ClientConfig, type PoolConfig } from 'pg'
import { postgresReplayStore, type PostgresQuery, type PostgresReplayStore } from '../../src'

/** As in postgresql.conf, for the sessions of one pool or client. */
export type Settings = Readonly<Record<string, string>>

/** A schema on a real server. */
export interface TestDatabase {
  readonly schema: string
  readonly url: string
  pool(settings?: Settings, more?: PoolConfig): Pool
  /** One session. */
  client(settings?: Settings): Promise<Client>
  /** The store over a pool of its own. */
  store(settings?: Settings): PostgresReplayStore
}

const found = findPostgres()

/** One for all tests of a file. */
let started: PostgresServer | undefined
afterAll(() => started?.stop())

async function urlOfServer(): Promise<string> {
  if (found && 'url' in found) return found.url
  started ??= await startPostgres({ settings: { fsync: 'off' } }) // nothing is to survive it
  return started.url
}

/**
 * Tests that need a server, lent by `DATABASE_URL` or started; skipped with a warning where there is
 * none. Each has a schema of its own.
 */
export function describeWithPostgres(name: string, tests: (database: TestDatabase) => void): void {
  describeIf(found !== undefined, name, () => {
    const database = testDatabase()
    beforeAll(database.open)
    afterAll(database.close)
    tests(database)
  })
}

/** Tests that start servers of their own, to kill them. */
export function describeWithPrograms(name: string, tests: () => void): void {
  describeIf(found !== undefined && 'folder' in found, name, tests)
}

function describeIf(possible: boolean, name: string, tests: () => void): void {
  const runs = serverOrSkip(`postgresql for "${name}"`, possible ? name : undefined)
  ;(runs ? describe : describe.skip)(name, tests)
}

function testDatabase(): TestDatabase & { open(): Promise<void>; close(): Promise<void> } {
  let url: string
  const schema = `countersign_test_${randomBytes(6).toString('hex')}`
  const opened: { end(): Promise<void> }[] = []
  const config = (settings: Settings): ClientConfig => ({
    connectionString: url,
    options: optionsOf({ search_path: schema, ...settings }),
  })

  function pool(settings: Settings = {}, more: PoolConfig = {}): Pool {
    const made = new Pool({ ...config(settings), max: 4, ...more })
    made.on('error', () => undefined) // a connection may close after the server stops
    opened.push(made)
    return made
  }

  return {
    schema,
    get url() {
      return url
    },
    pool,
    async client(settings = {}) {
      const made = new Client(config(settings))
      opened.push(made)
      await made.connect()
      return made
    },
    store: (settings) => postgresReplayStore({ query: queryOf(pool(settings)) }),
    async open() {
      url = await urlOfServer()
      await pool().query(`create schema ${schema}`)
      await postgresReplayStore({ query: queryOf(pool()) }).migrate()
    },
    async close() {
      await Promise.all(opened.map((one) => one.end())) // a transaction that was left open ends too
      const last = new Pool(config({}))
      await last.query(`drop schema ${schema} cascade`)
      await last.end()
    },
  }
}

function optionsOf(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ')
}

export function queryOf(from: Pool | Client): PostgresQuery {
  return (text, values) => from.query(text, values)
}

/** Whether a session waits for a lock, as another sees it. */
export async function waitsForLock(watcher: Client, waiting: Client): Promise<boolean> {
  const pid: unknown = Reflect.get(waiting, 'processID') // pg has it, its types have not
  const { rows } = await watcher.query(
    "select 1 from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'",
    [pid],
  )
  return rows.length === 1
}

/** A key as the core makes them. */
export function newKey(): string {
  return randomBytes(32).toString('base64url')
}

export const HOUR = 3_600_000

export function inAnHour(): number {
  return Date.now() + HOUR
}
