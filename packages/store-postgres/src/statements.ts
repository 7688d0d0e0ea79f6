import type { Names } from './options'

/** How many expired entries one statement deletes. */
export const BATCH = 1_000

/**
 * The store's questions. Each returns one row with one text, `answer`, which ends with ":" and the
 * last value: the id of the question. Each value is used once, in order, so that `?` can replace it.
 */
export interface Statements {
  /** Takes a key, and returns its state before: hex, owner, whether on lease, milliseconds or null. */
  readonly take: string
  /** Returns the state of a key: hex. */
  readonly look: string
  /** Deletes an owner's entry: hex, owner, whether on lease. */
  readonly remove: string
  /** Deletes some of the expired entries, and counts them. */
  readonly sweep: string
  /** Returns all that makes a server safe or unsafe, as JSON. */
  readonly inspect: string
}

/** Times are compared with `clock_timestamp()`: `now()` is the start of the transaction. */
export function statementsFor(names: Names): Statements {
  const { table, procedure } = names
  return {
    take: `CALL ${procedure}(decode($1::text, 'hex'), $2::text, $3::boolean, $4::double precision, $5::text)`,
    look: `
      SELECT coalesce((
        SELECT CASE WHEN leased THEN 'leased' ELSE 'used' END FROM ${table}
        WHERE key = decode($1::text, 'hex') AND expires_at > clock_timestamp()
      ), 'free') || ':' || $2::text AS answer`,
    remove: `
      WITH removed AS (
        DELETE FROM ${table}
        WHERE key = decode($1::text, 'hex') AND owner = $2::text
          AND leased = $3::boolean AND expires_at > clock_timestamp()
        RETURNING key
      )
      SELECT count(*)::text || ':' || $4::text AS answer FROM removed`,
    sweep: `
      WITH swept AS (
        DELETE FROM ${table}
        WHERE key = ANY (ARRAY(
          SELECT key FROM ${table} WHERE expires_at <= now()
          ORDER BY expires_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
        ))
        RETURNING key
      )
      SELECT count(*)::text || ':' || $1::text AS answer FROM swept`,
    inspect: inspectionOf(names),
  }
}

function inspectionOf({ table, procedure, name, schema }: Names): string {
  const twins = `
    SELECT json_agg(nspname) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relname = '${name}' AND nspname = ANY (current_schemas(false))`
  return `
    SELECT json_build_object(
      'serverVersion', current_setting('server_version'),
      'synchronousCommit', current_setting('synchronous_commit'),
      'fsync', current_setting('fsync') = 'on',
      'fullPageWrites', current_setting('full_page_writes') = 'on',
      'recovering', pg_is_in_recovery(),
      'readOnly', current_setting('transaction_read_only') = 'on',
      'persistence', (SELECT relpersistence FROM pg_class WHERE oid = to_regclass('${table}')),
      'schemas', ${schema === undefined ? `(${twins})` : 'NULL'},
      'isAltered', (
        SELECT prosecdef OR proconfig IS NOT NULL FROM pg_proc
        WHERE oid = to_regprocedure('${procedure}(bytea, text, boolean, double precision, text)')
      )
    )::text || ':' || $1::text AS answer`
}
