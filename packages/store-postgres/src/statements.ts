import type { Names } from './options'

/** Expired entries that one statement deletes at most. */
export const BATCH = 1_000

/** What is asked of the database. Each statement has one row, with one text in `answer`. */
export interface Statements {
  /** Takes a key: hex, owner, whether on lease, milliseconds or null. */
  readonly take: string
  /** The state of a key: hex. */
  readonly look: string
  /** Gives a key back: hex, owner. */
  readonly release: string
  /** Deletes some of what has expired, and counts it. */
  readonly sweep: string
  /** All that makes a server safe or not, as JSON. */
  readonly inspect: string
}

/** Times are compared with the clock of the moment: `now()` stands still in a transaction. */
export function statementsFor({ table, procedure }: Names): Statements {
  return {
    take: `CALL ${procedure}(decode($1::text, 'hex'), $2::text, $3::boolean, $4::double precision, NULL)`,
    look: `
      SELECT coalesce((
        SELECT CASE WHEN leased THEN 'leased' ELSE 'used' END FROM ${table}
        WHERE key = decode($1::text, 'hex') AND expires_at > clock_timestamp()
      ), 'free') AS answer`,
    release: `
      WITH released AS (
        DELETE FROM ${table}
        WHERE key = decode($1::text, 'hex') AND owner = $2::text
          AND leased AND expires_at > clock_timestamp()
        RETURNING key
      )
      SELECT count(*)::text AS answer FROM released`,
    sweep: `
      WITH swept AS (
        DELETE FROM ${table}
        WHERE key = ANY (ARRAY(
          SELECT key FROM ${table} WHERE expires_at <= now()
          ORDER BY expires_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
        ))
        RETURNING key
      )
      SELECT count(*)::text AS answer FROM swept`,
    inspect: `
      SELECT json_build_object(
        'serverVersion', current_setting('server_version'),
        'synchronousCommit', current_setting('synchronous_commit'),
        'fsync', current_setting('fsync') = 'on',
        'fullPageWrites', current_setting('full_page_writes') = 'on',
        'recovering', pg_is_in_recovery(),
        'readOnly', current_setting('transaction_read_only') = 'on',
        'persistence', (SELECT relpersistence FROM pg_class WHERE oid = to_regclass('${table}'))
      )::text AS answer`,
  }
}
