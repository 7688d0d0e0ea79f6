import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startPostgres, type PostgresServer } from '@countersign/test-servers'
import { Client } from 'pg'
import { postgresReplayStore, type PostgresReplayStore } from '../src'
import { describeWithPrograms, inAnHour, newKey, queryOf } from './support/postgres'

/** Nothing is written to the disk before it has to be. */
const LAZY = { synchronous_commit: 'off', wal_writer_delay: '10s', wal_writer_flush_after: '0' }

describeWithPrograms('a server', () => {
  let server: PostgresServer
  const clients: Client[] = []
  beforeAll(async () => {
    server = await startPostgres({ settings: LAZY })
  })
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)))
    await server.stop()
  })

  async function open(): Promise<{ client: Client; store: PostgresReplayStore }> {
    const client = new Client({ connectionString: server.url })
    client.on('error', () => undefined) // its server is killed
    await client.connect()
    clients.push(client)
    return { client, store: postgresReplayStore({ query: queryOf(client) }) }
  }

  it('still knows after SIGKILL what it has answered, also with synchronous_commit = off', async () => {
    const { store: before } = await open()
    await before.migrate()
    expect(await before.check()).toMatchObject({ synchronousCommit: 'off', fsync: true })
    const [used, leased] = [newKey(), newKey()]
    await before.leases.reserve(leased, { owner: 'me', duration: 3_600_000 })
    expect(await before.claim(used, inAnHour())).toBe(true)
    await server.kill('SIGKILL')
    await expect(before.has(used)).rejects.toThrow(/ECONNRESET|terminated/)
    await server.restart()

    const { store: after } = await open()
    expect(await after.claim(used, inAnHour())).toBe(false)
    expect(await after.leases.look(leased)).toBe('leased')
    expect(await after.leases.commit(leased, { owner: 'me', expiresAt: Infinity })).toBe(true)
  })

  it('is refused as a standby, which still answers `has`', async () => {
    const key = newKey()
    const { client, store: primary } = await open()
    await primary.claim(key, Infinity)
    await client.end()
    await server.kill('SIGINT')
    writeFileSync(join(server.folder, 'data', 'standby.signal'), '')
    await server.restart()

    const { store } = await open()
    await expect(store.check()).rejects.toThrow('The server is a standby')
    await expect(store.claim(newKey(), inAnHour())).rejects.toMatchObject({ code: '25006' })
    expect([await store.has(key), await store.has(newKey())]).toEqual([true, false])
  })
})
