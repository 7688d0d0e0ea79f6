import type { Client } from 'pg'
import { postgresReplayStore, type PostgresReplayStore } from '../../src'
import { describeWithPostgres, inAnHour, newKey, queryOf, type Settings } from '../support/postgres'

function unsafe(words: string): object {
  const message: unknown = expect.stringContaining(words)
  return { name: 'ConfigError', reason: 'store_unsafe', code: 'misconfigured', message }
}

const MISSING = unsafe('does not exist. Call `await store.migrate()`')

describeWithPostgres('check()', (database) => {
  /** A store with a table of its own, in one session. */
  async function trial(
    settings?: Settings,
  ): Promise<{ client: Client; store: PostgresReplayStore }> {
    const client = await database.client(settings)
    const store = postgresReplayStore({ query: queryOf(client), table: 'trial' })
    return { client, store }
  }

  beforeEach(async () => {
    const { client, store } = await trial()
    await client.query('drop table if exists trial; drop procedure if exists trial_take')
    await store.migrate()
  })

  it('reports the server and leaves nothing behind', async () => {
    const { client, store } = await trial()
    expect(await store.check()).toEqual({
      serverVersion: expect.stringMatching(/^\d+\.\d+/) as string, // its own type is any
      synchronousCommit: 'on',
      fsync: expect.any(Boolean) as boolean,
      fullPageWrites: true,
    })
    expect((await client.query('select * from trial')).rows).toEqual([])
  })

  it.each(['off', 'local', 'remote_write', 'remote_apply'])(
    'accepts a session with synchronous_commit = %s',
    async (synchronous_commit) => {
      const { store } = await trial({ synchronous_commit })
      expect(await store.check()).toMatchObject({ synchronousCommit: synchronous_commit })
    },
  )

  it.each([
    ['an UNLOGGED table', 'alter table trial set unlogged', 'UNLOGGED'],
    ['a TEMPORARY table', 'create temporary table trial as select 1', 'TEMPORARY'],
    [
      'a procedure with SECURITY DEFINER',
      `alter procedure trial_take security definer`,
      'SECURITY DEFINER or SET, and cannot commit',
    ],
    [
      'a procedure with SET',
      `alter procedure trial_take set search_path = public`,
      'SECURITY DEFINER or SET, and cannot commit',
    ],
    ['a missing table', 'drop table trial', 'does not exist'],
    ['a missing procedure', 'drop procedure trial_take', 'does not exist'],
    ['a transaction', 'begin', 'runs inside a transaction'],
  ])('refuses %s', async (_what, statement, words) => {
    const { client, store } = await trial()
    await client.query(statement)
    await expect(store.check()).rejects.toMatchObject(unsafe(words))
    await client.query('rollback')
  })

  it('refuses a read-only session', async () => {
    const { store } = await trial({ default_transaction_read_only: 'on' })
    await expect(store.check()).rejects.toMatchObject(unsafe('The session is read-only'))
    await expect(store.claim(newKey(), inAnHour())).rejects.toMatchObject({ code: '25006' })
  })

  it('refuses tables of one name in two schemas of the search path', async () => {
    const other = `${database.schema}_b`
    const { client } = await trial()
    await client.query(`create schema ${other}; create table ${other}.trial (like trial)`)
    const search_path = `${database.schema},${other}`
    const { store } = await trial({ search_path })
    await expect(store.check()).rejects.toMatchObject(unsafe(`${database.schema}, ${other}`))
    const named = postgresReplayStore({
      query: queryOf(await database.client({ search_path })),
      table: `${database.schema}.trial`,
    })
    expect(await named.check()).toMatchObject({ fullPageWrites: true })
    await client.query(`drop schema ${other} cascade`)
  })

  /** Asks from now on as a role with all that the store needs, but for these limits. @returns undoes it */
  async function asRole(client: Client, limits: (role: string) => string) {
    const role = `role_${database.schema}`
    await client.query(`
      create role ${role};
      grant usage on schema ${database.schema} to ${role};
      grant select, insert, update, delete on trial to ${role};
      ${limits(role)};
      set role ${role}`)
    return () => client.query(`reset role; drop owned by ${role}; drop role ${role}`)
  }

  it.each(['select', 'insert', 'update', 'delete'])('refuses a role without %s', async (right) => {
    const { client, store } = await trial()
    const undo = await asRole(client, (role) => `revoke ${right} on trial from ${role}`)
    await expect(store.check()).rejects.toMatchObject({
      ...unsafe(
        'lacks a right. Grant it USAGE on the schema, and SELECT, INSERT, UPDATE and DELETE',
      ),
      cause: { code: '42501' },
    })
    await undo()
  })

  it('refuses a role from which row-level security hides the entries', async () => {
    const { client, store } = await trial()
    const undo = await asRole(
      client,
      (role) => `
      alter table trial enable row level security;
      create policy own on trial for insert to ${role} with check (true);
      create policy see on trial for select to ${role} using (owner <> 'check')`,
    )
    await expect(store.check()).rejects.toMatchObject({ reason: 'store_unsafe' })
    await undo()
  })

  it('refuses a query that reads from another database than it writes to', async () => {
    const [here, there] = [await database.client(), await database.client()]
    await there.query('create temporary table trial (like countersign_uses)')
    const store = postgresReplayStore({
      query: (text, values) => (text.includes('coalesce') ? there : here).query(text, values),
      table: 'trial',
    })
    await expect(store.check()).rejects.toMatchObject(unsafe('not always ask the same database'))
  })
})

describeWithPostgres('a question', (database) => {
  it.each([
    ['table', '42P01', 'drop table trial', unsafe('does not exist')],
    ['procedure', '42883', 'drop procedure trial_take', false],
    ['schema', '3F000', 'select', unsafe('does not exist')],
  ])('says so where the %s is missing', async (what, code, statement, looked) => {
    const client = await database.client()
    const open = (table: string) => postgresReplayStore({ query: queryOf(client), table })
    await open('trial').migrate()
    await client.query(statement)
    const { claim, has } = open(what === 'schema' ? 'nowhere.uses' : 'trial')
    await expect(claim(newKey(), inAnHour())).rejects.toMatchObject({ ...MISSING, cause: { code } })
    const answer = await has(newKey()).catch((error: unknown) => error)
    expect({ answer }).toMatchObject({ answer: looked })
  })

  it.each(['security definer', 'set search_path = public'])(
    'names %s as a cause where its procedure has it',
    async (change) => {
      const client = await database.client()
      const store = postgresReplayStore({ query: queryOf(client) })
      await client.query(`alter procedure countersign_uses_take ${change}`)
      const words = unsafe('its procedure was given SECURITY DEFINER or SET')
      await expect(store.claim(newKey(), inAnHour())).rejects.toMatchObject(words)
      await client.query('drop procedure countersign_uses_take')
      await store.migrate()
      expect(await store.claim(newKey(), inAnHour())).toBe(true)
    },
  )
})
