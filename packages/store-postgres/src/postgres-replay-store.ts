import type { ReplayLeases, ReplayStore } from '@countersign/core'
import { check, type PostgresReport } from './check'
import { assertOptions, DEFAULT_TABLE, namesOf, type PostgresReplayStoreOptions } from './options'
import { asking, run } from './question'
import { schemaOf } from './schema'
import { statementsFor } from './statements'
import { sweepBehind, sweepWith } from './sweeper'
import { usesIn } from './uses'

/** A replay store in PostgreSQL, for all processes that ask the same database. */
export interface PostgresReplayStore extends ReplayStore {
  readonly durable: true
  readonly leases: ReplayLeases
  /**
   * Makes the table, its index and its procedure where they are not there yet: what schema.sql says,
   * for this table. May run again, and in many processes at once. Needs the right to create them.
   */
  migrate(): Promise<void>
  /**
   * Sees that uses will be kept: the table is there and logged, commits wait for the disk, and a key
   * can be taken and given back. For the start of an application.
   * @throws ConfigError `store_unsafe`
   */
  check(): Promise<PostgresReport>
  /**
   * Deletes what has expired. Claims see to it, once a minute at most: there is no need to call it.
   * @returns how many entries that were
   */
  sweep(): Promise<number>
}

/**
 * Remembers uses in a table. What is answered is on disk by then; all times are the database's own.
 * It refuses to work inside somebody's transaction, with a ConfigError `store_unsafe`.
 * @throws ConfigError for options that cannot work
 */
export function postgresReplayStore(options: PostgresReplayStoreOptions): PostgresReplayStore {
  assertOptions(options)
  const { query, table = DEFAULT_TABLE } = options
  const names = namesOf(table)
  const statements = statementsFor(names)
  const ask = asking(query)
  const sweep = sweepWith(ask, statements)
  const uses = usesIn(ask, statements, sweepBehind(sweep))
  return {
    durable: true,
    ...uses,
    migrate: () => run(query, schemaOf(names)),
    check: () => check(ask, statements, uses.leases),
    sweep,
  }
}
