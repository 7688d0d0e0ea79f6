import { startPostgres, startRedis } from '@countersign/test-servers'
import { Redis } from 'ioredis'
import { run, TABLE, withAdmin } from './postgres'
import { SAFE } from '../redis-box'
import { migrate } from '../sites'
import type { StorePlan } from '../stores'

/** A server whose entries can be made older than they are. */
export interface SharedStore {
  readonly plan: StorePlan
  /** As if so many milliseconds had gone by: each entry ends so much sooner. */
  age(milliseconds: number): Promise<void>
  stop(): Promise<void>
}

export const SHARED: readonly { readonly name: string; open(): Promise<SharedStore> }[] = [
  { name: 'Redis, ioredis', open: agingRedis },
  { name: 'Postgres, pg', open: agingPostgres },
]

/** One that would be gone by now is gone. */
const AGE_KEYS = `for _, key in ipairs(redis.call('keys', '*')) do
  local left = redis.call('pttl', key)
  if left > 0 then redis.call('pexpire', key, left - ARGV[1]) end
end`

async function agingRedis(): Promise<SharedStore> {
  const server = await startRedis({ args: SAFE })
  const client = new Redis(server.port, '127.0.0.1')
  return {
    plan: { kind: 'redis', client: 'ioredis', port: server.port },
    age: async (milliseconds) => void (await client.eval(AGE_KEYS, 0, milliseconds)),
    async stop() {
      client.disconnect()
      await server.stop()
    },
  }
}

async function agingPostgres(): Promise<SharedStore> {
  const server = await startPostgres()
  await migrate(server.url)
  return {
    plan: { kind: 'postgres', url: server.url },
    age: (milliseconds) =>
      withAdmin(server, (admin) =>
        run(
          admin,
          `UPDATE ${TABLE} SET expires_at = expires_at - interval '${milliseconds} milliseconds'`,
        ),
      ),
    stop: () => server.stop(),
  }
}
