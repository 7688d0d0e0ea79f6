import { randomBytes } from 'node:crypto'
import { ConfigError, type ReplayLeases } from '@countersign/core'
import { notMigrated, type Ask } from './question'
import type { Statements } from './statements'
import { newOwner } from './uses'

/** What `check` has found, as the connection that was asked sees it. */
export interface PostgresReport {
  readonly serverVersion: string
  /** `on`, `local`, `remote_write` or `remote_apply`. */
  readonly synchronousCommit: string
  /** False where a power cut can cost what was committed, and more. */
  readonly fsync: boolean
  /** Likewise. */
  readonly fullPageWrites: boolean
}

interface Inspection extends PostgresReport {
  readonly recovering: boolean
  readonly readOnly: boolean
  /** `p`, `u` or `t` of pg_class; `null` where there is no table. */
  readonly persistence: string | null
}

/** How long the key of a check is on lease if it cannot be given back, in milliseconds. */
const PROBE = 60_000

/** Looks at the server, and takes a key to see that it can. @throws ConfigError `store_unsafe` */
export async function check(
  ask: Ask,
  statements: Statements,
  leases: ReplayLeases,
): Promise<PostgresReport> {
  const inspection = JSON.parse(await ask(statements.inspect, [])) as Inspection // the statement's own words
  const { recovering, readOnly, persistence, ...report } = inspection
  assertWritable({ recovering, readOnly })
  assertLogged(persistence)
  assertWaits(report)
  const [key, owner] = [randomBytes(32).toString('base64url'), newOwner()]
  await leases.reserve(key, { owner, duration: PROBE })
  if (await leases.release(key, owner)) return report
  throw unsafe(
    'A key that was just taken is not there: `query` does not always ask the same database',
    'Let it ask the primary',
  )
}

function assertWritable({
  recovering,
  readOnly,
}: Pick<Inspection, 'recovering' | 'readOnly'>): void {
  if (!recovering && !readOnly) return
  throw unsafe(
    recovering ? 'The server is a standby, or recovering' : 'The session is read-only',
    'Let `query` ask the primary, in a session that may write',
  )
}

function assertLogged(persistence: Inspection['persistence']): void {
  if (persistence === 'p') return
  if (persistence === null) throw notMigrated()
  throw unsafe(
    'The table of postgresReplayStore is UNLOGGED or TEMPORARY, and a crash empties it',
    'ALTER TABLE … SET LOGGED, or drop it and call `store.migrate()`',
  )
}

function assertWaits({ synchronousCommit }: PostgresReport): void {
  if (synchronousCommit !== 'off') return
  throw unsafe(
    'synchronous_commit is off, and a crash costs what was answered last',
    'Set it to on for this database, role or session',
  )
}

function unsafe(problem: string, fix: string): ConfigError {
  return new ConfigError('store_unsafe', { problem, fix })
}
