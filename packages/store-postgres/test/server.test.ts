import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startPostgres } from '@countersign/test-servers'
import { Client } from 'pg'
import { postgresReplayStore, type PostgresReplayStore } from '../src'
import { describeWithPrograms, inAnHour, newKey, queryOf } from './support/postgres'

describeWithPrograms('a server', () => {
  it('is refused as a standby, which can still be looked at', async () => {
    const server = await startPostgres()
    const connect = async (): Promise<Client> => {
      const client = new Client({ connectionString: server.url })
      await client.connect()
      return client
    }
    try {
      const key = newKey()
      const primary = await connect()
      const before = postgresReplayStore({ query: queryOf(primary) })
      await before.migrate()
      await before.claim(key, Infinity)
      await primary.end()
      await server.kill('SIGINT')
      writeFileSync(join(server.folder, 'data', 'standby.signal'), '')
      await server.restart()

      const standby = await connect()
      const store = postgresReplayStore({ query: queryOf(standby) })
      await expect(store.check()).rejects.toThrow('The server is a standby')
      await expect(store.claim(newKey(), inAnHour())).rejects.toMatchObject({ code: '25006' })
      expect([await store.has(key), await store.has(newKey())]).toEqual([true, false])
      await standby.end()
    } finally {
      await server.stop()
    }
  })

  it('remembers after SIGKILL what it has answered', async () => {
    const server = await startPostgres()
    try {
      const clients: Client[] = []
      const open = async (): Promise<PostgresReplayStore> => {
        const client = new Client({ connectionString: server.url })
        client.on('error', () => undefined) // it is cut off
        await client.connect()
        clients.push(client)
        return postgresReplayStore({ query: queryOf(client) })
      }
      const before = await open()
      await before.migrate()
      const [used, leased] = [newKey(), newKey()]
      await before.leases.reserve(leased, { owner: 'me', duration: 3_600_000 })
      expect(await before.claim(used, inAnHour())).toBe(true)
      await server.kill('SIGKILL')
      await expect(before.has(used)).rejects.toThrow(/ECONNRESET|terminated/)
      await server.restart()

      const after = await open()
      expect(await after.claim(used, inAnHour())).toBe(false)
      expect(await after.leases.look(leased)).toBe('leased')
      expect(await after.leases.commit(leased, { owner: 'me', expiresAt: Infinity })).toBe(true)
      await Promise.all(clients.map((client) => client.end().catch(() => undefined)))
    } finally {
      await server.stop()
    }
  })
})
