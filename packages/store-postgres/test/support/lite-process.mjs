// PGlite in a process of its own: it imports modules as Jest's CommonJS does not let it
import { PGlite } from '@electric-sql/pglite'

const database = await PGlite.create()

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
