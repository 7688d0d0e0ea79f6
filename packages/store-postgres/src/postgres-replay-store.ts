import type { SharedReplayStore } from '@countersign/core'
import { asking, run } from './ask'
import { check, type PostgresReport } from './check'
import { postgresSettings, type PostgresReplayStoreOptions } from './options'
import { schemaOf } from './schema'
import { statementsFor } from './statements'
import { sweepBehind, sweepWith } from './sweeper'
import { usesIn } from './uses'

/** A store in PostgreSQL that is shared by all processes that ask the same database. */
export interface PostgresReplayStore extends SharedReplayStore {
  readonly durable: true
  /**
   * Creates the table, its index and its procedure: what schema.sql says, for this table. Can be
   * called again, and in many processes at once. Needs the right to create only where something is
   * missing.
   */
  migrate(): Promise<void>
  /**
   * Claims a key, frees it again, and reads the server's settings. Call it before the application
   * listens.
   * @throws ConfigError `store_unsafe` for a server, a session or a table that cannot keep uses
   */
  check(): Promise<PostgresReport>
  /**
   * Deletes expired entries. Claims do so once a minute: there is no need to call it.
   * @returns how many
   */
  sweep(): Promise<number>
}

/**
 * Remembers uses in a table. A use is on disk before it is answered; all times are the database's own.
 * Refuses to claim inside a transaction that other code has begun, with a ConfigError `store_unsafe`.
 * @throws ConfigError for options that cannot work
 */
export function postgresReplayStore(options: PostgresReplayStoreOptions): PostgresReplayStore {
  const { query, table: names } = postgresSettings(options)
  const statements = statementsFor(names)
  const ask = asking(query)
  const sweep = sweepWith(ask, statements)
  const uses = usesIn(ask, statements, sweepBehind(sweep))
  return {
    ...uses,
    durable: true,
    migrate: () => run(query, schemaOf(names)),
    check: () => check(ask, statements, uses),
    sweep,
  }
}
