import { readOptions, type OptionTable } from '@countersign/core'

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

const TABLE_OPTIONS: OptionTable<{ readonly query: PostgresQuery; readonly table: Names }> = {
  query: {
    wanted: 'a function: `(text, values) => pool.query(text, values)`',
    read: (given) => (typeof given === 'function' ? (given as PostgresQuery) : undefined), // its caller's type
  },
  table: {
    wanted: 'at most 50 lower-case letters, digits and underscores, as "uses" or "schema.uses"',
    fallback: namesOf(undefined, 'countersign_uses'),
    read(given) {
      const [, schema, name] = (typeof given === 'string' && TABLE.exec(given)) || []
      return name === undefined ? undefined : namesOf(schema, name)
    },
  },
}

/** @throws ConfigError */
export function postgresSettings(options: PostgresReplayStoreOptions): {
  readonly query: PostgresQuery
  readonly table: Names
} {
  return readOptions('postgresReplayStore()', TABLE_OPTIONS, options)
}

function namesOf(schema: string | undefined, name: string): Names {
  const inSchema = schema === undefined ? '' : `"${schema}".`
  return { schema, name, table: `${inSchema}"${name}"`, procedure: `${inSchema}"${name}_take"` }
}
