import { ConfigError } from '@countersign/core'

/** Runs one statement with its values, in a transaction of its own. */
export type PostgresQuery = (
  text: string,
  values: unknown[],
) => Promise<{ readonly rows: readonly Record<string, unknown>[] }>

/** The client of a `postgresReplayStore`, and the table that it uses. */
export interface PostgresReplayStoreOptions {
  /**
   * Asks the database: `(text, values) => pool.query(text, values)` of `pg`, or the same of PGlite. It
   * must reach the primary, outside any transaction that other code has begun.
   */
  readonly query: PostgresQuery
  /**
   * The table, in lower case, with its schema where sessions have different search paths: `uses`, or
   * `portal.uses`. The name has at most 50 characters.
   * @default 'countersign_uses'
   */
  readonly table?: string | undefined
}

/** What the store's objects are called in SQL. */
export interface Names {
  /** Without quotes; `undefined` where the search path decides. */
  readonly schema: string | undefined
  /** Of the table, without quotes and schema. */
  readonly name: string
  readonly table: string
  readonly procedure: string
}

/** Leaves room for the endings of the other names: PostgreSQL cuts names after 63 characters. */
const TABLE = /^(?:([a-z_][a-z0-9_]{0,62})\.)?([a-z_][a-z0-9_]{0,49})$/

/** @throws ConfigError */
export function readOptions(options: PostgresReplayStoreOptions): {
  readonly query: PostgresQuery
  readonly names: Names
} {
  const { query, table = 'countersign_uses', ...others } = options
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) {
    throw new ConfigError('option_unknown', {
      problem: `postgresReplayStore() has no option "${unknown}"`,
      fix: 'Its options are query, table',
    })
  }
  if (typeof query !== 'function') {
    throw invalid('query', 'a function', '`(text, values) => pool.query(text, values)`')
  }
  return { query, names: namesOf(table) }
}

function namesOf(table: string): Names {
  const [, schema, name] = (typeof table === 'string' && TABLE.exec(table)) || []
  if (name === undefined) {
    throw invalid(
      'table',
      'a plain name',
      'at most 50 lower-case letters, digits and underscores, as "uses" or "schema.uses"',
    )
  }
  const inSchema = schema === undefined ? '' : `"${schema}".`
  return {
    schema,
    name,
    table: `${inSchema}"${name}"`,
    procedure: `${inSchema}"${name}_take"`,
  }
}

function invalid(name: string, wanted: string, fix: string): ConfigError {
  return new ConfigError('option_invalid', {
    problem: `The option "${name}" of postgresReplayStore() is not ${wanted}`,
    fix: `Set it to ${fix}`,
  })
}
