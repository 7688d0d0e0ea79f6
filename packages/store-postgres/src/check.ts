import { randomBytes } from 'node:crypto'
import type { ConfigError } from '@countersign/core'
import { notMigrated, unsafe, type Ask } from './ask'
import type { Statements } from './statements'
import type { Uses } from './uses'

/** What `check()` has found, for the session that was asked. */
export interface PostgresReport {
  readonly serverVersion: string
  /**
   * `on`, `local`, `remote_write`, `remote_apply` or `off`. With `off`, uses wait for the disk all the
   * same, as with `on`.
   */
  readonly synchronousCommit: string
  /** False where a power cut can lose committed uses, and more. */
  readonly fsync: boolean
  /** False where a power cut can damage the table. */
  readonly fullPageWrites: boolean
}

interface Inspection extends PostgresReport {
  readonly recovering: boolean
  readonly readOnly: boolean
  /** `p`, `u` or `t` of pg_class; `null` where the table does not exist. */
  readonly persistence: string | null
  /** The schemas on the search path that have such a table, where `table` names none. */
  readonly schemas: readonly string[] | null
  /** Whether the procedure has SECURITY DEFINER or SET; `null` where it does not exist. */
  readonly isAltered: boolean | null
}

/** Reads the server's settings, claims a random key and frees it again. @throws ConfigError `store_unsafe` */
export async function check(ask: Ask, statements: Statements, uses: Uses): Promise<PostgresReport> {
  const found = JSON.parse(await ask(statements.inspect)) as Inspection // as the statement builds it
  const mistake = mistakeIn(found)
  if (mistake) throw mistake
  await proveClaim(uses)
  const { serverVersion, synchronousCommit, fsync, fullPageWrites } = found
  return { serverVersion, synchronousCommit, fsync, fullPageWrites }
}

function mistakeIn(found: Inspection): ConfigError | undefined {
  const { recovering, readOnly, persistence, schemas, isAltered } = found
  if (recovering || readOnly) {
    return unsafe(
      recovering ? 'The server is a standby, or recovering' : 'The session is read-only',
      'Let `query` ask the primary, in a session that may write',
    )
  }
  if (persistence === null || isAltered === null) return notMigrated()
  if (persistence !== 'p') {
    return unsafe(
      'The table of postgresReplayStore() is UNLOGGED or TEMPORARY, and a crash empties it',
      'ALTER TABLE … SET LOGGED, or drop it and call `store.migrate()`',
    )
  }
  if (schemas && schemas.length > 1) {
    return unsafe(
      `The table of postgresReplayStore() exists in the schemas ${schemas.join(', ')}, and the search path of each session chooses one`,
      'Name the schema in the option `table`, as "schema.name"',
    )
  }
  if (!isAltered) return undefined
  return unsafe(
    'The procedure of postgresReplayStore() was given SECURITY DEFINER or SET, and cannot commit',
    'Drop it and call `store.migrate()`: it names its table in full and needs neither',
  )
}

async function proveClaim({ claim, has, unclaim }: Uses): Promise<void> {
  const [key, owner] = [randomBytes(32).toString('base64url'), 'check']
  const isClaimed = (await claim(key, Date.now(), owner)) && (await has(key))
  if (isClaimed && (await unclaim(key, owner))) return
  throw unsafe(
    'A key that was just claimed is not found: `query` does not always ask the same database, or row-level security hides it',
    'Let it ask the primary, as a role that sees the whole table',
  )
}
