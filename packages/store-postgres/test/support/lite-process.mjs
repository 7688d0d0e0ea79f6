// PGlite in a process of its own: it imports modules as Jest's CommonJS does not let it
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'

const database = await emptyDatabase()

/** Kept from one run to the next, for each version of the engine: making one takes seconds. */
async function emptyDatabase() {
  const engine = import.meta.resolve('@electric-sql/pglite')
  const kept = join(tmpdir(), `countersign${engine.replaceAll(/\W+/g, '-')}.tar`)
  if (existsSync(kept)) return PGlite.create({ loadDataDir: new Blob([readFileSync(kept)]) })
  const made = await PGlite.create()
  const dump = await made.dumpDataDir('none')
  writeFileSync(`${kept}.${process.pid}`, Buffer.from(await dump.arrayBuffer()))
  renameSync(`${kept}.${process.pid}`, kept)
  return made
}

process.on('message', (question) => void answer(question))

async function answer({ id, text, values }) {
  try {
    const { rows } = await database.query(text, values)
    process.send({ id, rows })
  } catch ({ message, code }) {
    process.send({ id, message, code })
  }
}

process.on('disconnect', () => process.exit())
process.send('ready')
