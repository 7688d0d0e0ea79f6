import { ConfigError, uniqueNames } from '@countersign/core'
import type { PostgresQuery } from './options'

/** Runs a statement with its values. @returns its answer. @throws Error for the result of another one */
export type Ask = (text: string, ...values: unknown[]) => Promise<string>

/** serialization_failure and deadlock_detected: another session was in the way, and nothing was changed. */
const TRANSIENT = ['40001', '40P01']
/** How long such a statement is tried again, in milliseconds: a guard gives up a little later. */
const PATIENCE = 400
/** The longest pause before it is tried again, in milliseconds. */
const PAUSE = 20

/** The last value of each statement is the id of the question, which its answer repeats. */
export function asking(query: PostgresQuery): Ask {
  const newId = uniqueNames()
  return async (text, ...values) => {
    const id = newId()
    try {
      return answerTo(id, await patiently(() => query(text, [...values, id])))
    } catch (error) {
      throw explained(error)
    }
  }
}

/** Runs a statement that has no answer. */
export async function run(query: PostgresQuery, text: string): Promise<void> {
  await patiently(() => query(text, []))
}

async function patiently<Value>(work: () => Promise<Value>): Promise<Value> {
  const end = performance.now() + PATIENCE
  for (;;) {
    try {
      return await work()
    } catch (error) {
      const pause = Math.random() * PAUSE // so that two sessions do not meet again
      if (!TRANSIENT.includes(codeOf(error)) || performance.now() + pause > end) throw error
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}

/** A client that lost count of its results returns the result of another statement: it has another id. */
function answerTo(id: string, result: unknown): string {
  const rows: unknown = (result as { readonly rows?: unknown } | null | undefined)?.rows // checked below
  const row: unknown = Array.isArray(rows) && rows.length === 1 ? rows[0] : undefined
  const answer = (row as { readonly answer?: unknown } | null | undefined)?.answer // checked below
  if (typeof answer !== 'string') {
    throw new Error('`query` did not return { rows } with the one row of the statement')
  }
  if (answer.endsWith(`:${id}`)) return answer.slice(0, -id.length - 1)
  throw new Error('`query` returned the result of another statement')
}

/** SQLSTATE, as all clients call it. */
function codeOf(error: unknown): string {
  const { code } = Object(error) as { readonly code?: unknown } // checked below
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
  // insufficient_privilege
  '42501': notPermitted,
}

/** Gives the application's mistakes a name and a fix; any other error stays as it is. */
function explained(error: unknown): unknown {
  const mistake = MISTAKES[codeOf(error)]?.()
  return mistake ? Object.assign(mistake, { cause: error }) : error
}

function insideTransaction(): ConfigError {
  return unsafe(
    'The `query` of postgresReplayStore() runs inside a transaction that other code has begun, and a rollback would forget the use (or its procedure was given SECURITY DEFINER or SET)',
    "Pass a pool's query, not that of a client on which other code runs BEGIN",
  )
}

export function notMigrated(): ConfigError {
  return unsafe(
    'The table of postgresReplayStore(), or its procedure, does not exist',
    'Call `await store.migrate()` when the application starts, or run schema.sql',
  )
}

function notPermitted(): ConfigError {
  return unsafe(
    'The database role of postgresReplayStore() lacks a right',
    'Grant it USAGE on the schema, and SELECT, INSERT, UPDATE and DELETE on the table',
  )
}

export function unsafe(problem: string, fix: string): ConfigError {
  return new ConfigError('store_unsafe', { problem, fix })
}
