import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { PostgresQuery } from '../../src'

/** PostgreSQL without a server, and with one connection. */
export interface Lite {
  readonly query: PostgresQuery
  close(): Promise<void>
}

type Rows = Awaited<ReturnType<PostgresQuery>>['rows']
type Reply =
  | { readonly id: number; readonly rows: Rows }
  | { readonly id: number; readonly message: string; readonly code: string }

export async function openLite(): Promise<Lite> {
  const child = fork(join(__dirname, 'lite-process.mjs'), { execArgv: [] })
  await once(child, 'message')
  const waiting = new Map<number, (reply: Reply) => void>()
  child.on('message', (reply: Reply) => waiting.get(reply.id)?.(reply))
  let asked = 0
  return {
    query: (text, values) =>
      new Promise((resolve, reject) => {
        const id = asked++
        waiting.set(id, (reply) => {
          if ('rows' in reply) resolve(reply)
          else reject(Object.assign(new Error(reply.message), { code: reply.code }))
        })
        child.send({ id, text, values })
      }),
    async close() {
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    },
  }
}
