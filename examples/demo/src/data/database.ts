import type { Settings } from '../settings'
import { folderLock } from './folder-lock'
import { createSchema } from './schema'

/** A PostgreSQL to ask, whichever it is. */
export interface Database {
  /** One statement, with its values apart from it. */
  query: Query
  close(): Promise<void>
}

export type Query = <Row>(
  sql: string,
  values?: unknown[],
) => Promise<{ readonly rows: readonly Row[] }>

/**
 * Connects, and makes the tables that are not there yet. Without a server, PostgreSQL runs inside
 * this process.
 */
export async function openDatabase({ databaseUrl, dataFolder }: Settings): Promise<Database> {
  const database = databaseUrl ? await connect(databaseUrl) : await embed(dataFolder)
  try {
    await createSchema(database.query)
  } catch (error) {
    await database.close()
    throw error
  }
  return database
}

async function connect(url: string): Promise<Database> {
  const { Pool } = await import('pg')
  const pool = new Pool({ connectionString: url })
  // a connection that breaks while idle is replaced; the next query tells if there is no server
  pool.on('error', () => undefined)
  return { query: (sql, values) => pool.query(sql, values) as never, close: () => pool.end() } // the row type is the caller's word
}

async function embed(folder: string): Promise<Database> {
  const lock = folderLock(folder)
  const { PGlite } = await import('@electric-sql/pglite')
  const engine = await PGlite.create(folder)
  return {
    query: (sql, values) => engine.query(sql, values),
    async close() {
      await engine.close()
      lock.release()
    },
  }
}
