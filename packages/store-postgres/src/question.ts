import { ConfigError } from '@countersign/core'
import type { PostgresQuery } from './options'

/** Asks one question, and takes nothing but one text for its answer. */
export type Ask = (text: string, values: unknown[]) => Promise<string>

/** Somebody else was in the way, and nothing was changed: serialization_failure, deadlock_detected. */
const TRANSIENT = ['40001', '40P01']
/** How long it is asked again, in milliseconds: the guard gives up a little later. */
const PATIENCE = 400
/** The longest pause before it is asked again, in milliseconds. */
const PAUSE = 20

export function asking(query: PostgresQuery): Ask {
  return async (text, values) => {
    try {
      return answerIn(await persistently(() => query(text, values)))
    } catch (error) {
      throw explained(error)
    }
  }
}

/** Runs a statement whose rows nobody reads. */
export async function run(query: PostgresQuery, text: string): Promise<void> {
  await persistently(() => query(text, []))
}

async function persistently<Value>(work: () => Promise<Value>): Promise<Value> {
  const end = performance.now() + PATIENCE
  for (;;) {
    try {
      return await work()
    } catch (error) {
      // never two in step
      const pause = Math.random() * PAUSE
      if (!TRANSIENT.includes(codeOf(error)) || performance.now() + pause > end) throw error
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}

function answerIn(result: unknown): string {
  const rows: unknown = (result as { readonly rows?: unknown } | null | undefined)?.rows // looked at below
  const row: unknown = Array.isArray(rows) && rows.length === 1 ? rows[0] : undefined
  const answer = (row as { readonly answer?: unknown } | null | undefined)?.answer // likewise
  if (typeof answer === 'string') return answer
  throw new Error('`query` gave something else than { rows } with the one row that was asked for')
}

/** An answer that counts. @throws Error where it does not */
export function countIn(answer: string): number {
  if (/^\d+$/.test(answer)) return Number(answer)
  throw new Error('the database answered with no count')
}

/** SQLSTATE, as all clients know it. */
function codeOf(error: unknown): string {
  const { code } = Object(error) as { readonly code?: unknown } // looked at next
  return typeof code === 'string' ? code : ''
}

const MISTAKES: Readonly<Record<string, () => ConfigError>> = {
  // invalid_transaction_termination, in_failed_sql_transaction
  '2D000': insideTransaction,
  '25P02': insideTransaction,
  // undefined_table, undefined_function, invalid_schema_name
  '42P01': notMigrated,
  '42883': notMigrated,
  '3F000': notMigrated,
}

/** The developer's mistakes have a name; all else stays as it is. */
function explained(error: unknown): unknown {
  const mistake = MISTAKES[codeOf(error)]?.()
  return mistake ? Object.assign(mistake, { cause: error }) : error
}

function insideTransaction(): ConfigError {
  return new ConfigError('store_unsafe', {
    problem:
      'The `query` of postgresReplayStore runs inside a transaction, and what is rolled back is forgotten',
    fix: "Pass a pool's query, not that of a client on which somebody says BEGIN",
  })
}

export function notMigrated(): ConfigError {
  return new ConfigError('store_unsafe', {
    problem: 'The table of postgresReplayStore, or its procedure, is not there',
    fix: 'Call `await store.migrate()` when the application starts, or run schema.sql',
  })
}
