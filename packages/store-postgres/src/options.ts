import { ConfigError } from '@countersign/core'

/** Runs one statement, with its values apart from it, in a transaction of its own. */
export type PostgresQuery = (
  text: string,
  values: unknown[],
) => Promise<{ readonly rows: readonly Record<string, unknown>[] }>

export interface PostgresReplayStoreOptions {
  /**
   * Asks the database: `(text, values) => pool.query(text, values)` of `pg`, or the same of PGlite. It
   * must reach the primary, and never run inside a transaction that somebody else has begun.
   */
  readonly query: PostgresQuery
  /**
   * The table, in lower case, and its schema before it where it is not on the search path:
   * `uses`, or `portal.uses`. The name has 50 characters at most.
   * @default 'countersign_uses'
   */
  readonly table?: string | undefined
}

export const DEFAULT_TABLE = 'countersign_uses'

/** What the store's things are called in SQL. */
export interface Names {
  readonly table: string
  readonly index: string
  readonly procedure: string
}

/** Leaves room for the endings of the other names: PostgreSQL would cut them after 63 characters. */
const TABLE = /^(?:([a-z_][a-z0-9_]{0,62})\.)?([a-z_][a-z0-9_]{0,49})$/
const KNOWN = ['query', 'table']

/** @throws ConfigError */
export function assertOptions(options: PostgresReplayStoreOptions): void {
  const stranger = Object.keys(options).find((name) => !KNOWN.includes(name))
  if (stranger !== undefined) {
    throw new ConfigError('option_unknown', {
      problem: `postgresReplayStore has no option "${stranger}"`,
      fix: `Its options are ${KNOWN.join(', ')}`,
    })
  }
  if (typeof options.query !== 'function') {
    throw new ConfigError('option_invalid', {
      problem: 'The option "query" is not a function',
      fix: 'Set it to `(text, values) => pool.query(text, values)`',
    })
  }
}

/** @throws ConfigError where the table's name could be anything but a name */
export function namesOf(table: string): Names {
  const [, schema, name] = (typeof table === 'string' && TABLE.exec(table)) || []
  if (name === undefined) {
    throw new ConfigError('option_invalid', {
      problem: 'The option "table" is not a plain name',
      fix: 'Set it to lower-case letters, digits and underscores, 50 at most, as "uses" or "schema.uses"',
    })
  }
  const inSchema = schema === undefined ? '' : `"${schema}".`
  return {
    table: `${inSchema}"${name}"`,
    index: `"${name}_expires_at"`, // lives where its table does
    procedure: `${inSchema}"${name}_take"`,
  }
}
