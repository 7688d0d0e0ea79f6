import { postgresReplayStore, type PostgresQuery } from '../../src'
import { LEASE, QUESTIONS, use } from '../questions'
import { describeWithPostgres, inAnHour, newKey, queryOf } from '../support/postgres'

const never: PostgresQuery = () => Promise.reject(new Error('the database was asked'))

const WRONG = /did not answer with|did not return|JSON/

const WITHOUT_KEYS: typeof QUESTIONS = [
  ['sweep', (store) => store.sweep()],
  ['check', (store) => store.check()],
]

const NOT_ANSWERS: readonly unknown[] = [
  ...[undefined, null, [], [{ answer: 'free' }], {}, { rows: null }, { rows: [] }],
  ...[{ rows: [null] }, { rows: [{}] }, { rows: [{ answer: true }] }, { rows: [{ answer: null }] }],
]

describe.each([...QUESTIONS, ...WITHOUT_KEYS])('%s', (_name, ask) => {
  it.each(NOT_ANSWERS.map((result) => [result]))('rejects the result %j', async (result) => {
    const query = (async () => result) as unknown as PostgresQuery // a client that breaks its word
    await expect(ask(postgresReplayStore({ query }), newKey())).rejects.toThrow('did not return')
  })

  it.each(['free', '1', '', 'free:', 'free:another-0'])(
    'rejects the answer "%s", which is to another question',
    async (answer) => {
      const query: PostgresQuery = async () => ({ rows: [{ answer }] })
      const asked = ask(postgresReplayStore({ query }), newKey())
      await expect(asked).rejects.toThrow('the result of another statement')
    },
  )

  it.each([
    ['FREE', (id: string) => [{ answer: `FREE:${id}` }]],
    ['no text', (id: string) => [{ answer: `:${id}` }]],
    ['two rows', (id: string) => [{ answer: `free:${id}` }, { answer: `free:${id}` }]],
  ])('rejects %s with the right id', async (_what, rows) => {
    const query: PostgresQuery = async (_text, values) => ({ rows: rows(String(values.at(-1))) })
    await expect(ask(postgresReplayStore({ query }), newKey())).rejects.toThrow(WRONG)
  })

  it('rejects where the client throws', async () => {
    const query: PostgresQuery = () => {
      throw new Error('no client')
    }
    await expect(ask(postgresReplayStore({ query }), newKey())).rejects.toThrow('no client')
  })

  it('uses each value once and in order, so that clients can write `?` for it', async () => {
    const asked: string[] = []
    const query: PostgresQuery = async (text, values) => {
      expect([...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number))).toEqual(
        values.map((_value, index) => index + 1),
      )
      expect(text).not.toContain('?')
      asked.push(text)
      throw new Error('enough')
    }
    await expect(ask(postgresReplayStore({ query }), newKey())).rejects.toThrow('enough')
    expect(asked).toHaveLength(1)
  })
})

const KEY = newKey()

describe.each(QUESTIONS)('%s', (_name, ask) => {
  const store = postgresReplayStore({ query: never })

  it.each([
    ['is empty', ''],
    ['is too short', KEY.slice(1)],
    ['is too long', `${KEY}A`],
    ['ends with a line break', `${KEY.slice(1)}\n`],
    ['is standard base64', `${'+/'.repeat(21)}A`],
    ['is padded', `${KEY.slice(1)}=`],
    ['has another spelling', `${'A'.repeat(42)}B`],
    ['is hex', Buffer.from(KEY, 'base64url').toString('hex')],
    ['is undefined', undefined],
    ['is bytes', Buffer.from(KEY)],
  ])('refuses a key that %s, before it asks', async (_fault, key) => {
    await expect(ask(store, key as string)).rejects.toThrow(TypeError) // a mistake that types would catch
  })

  it('asks about a good key', async () => {
    await expect(ask(store, `${'-_'.repeat(21)}A`)).rejects.toThrow('the database was asked')
  })
})

describe('a use', () => {
  const { claim, unclaim, leases } = postgresReplayStore({ query: never })

  it.each([NaN, 0, -1, -Infinity, undefined, null, '1', new Date()])(
    'cannot end at %p',
    async (time) => {
      const expiresAt = time as number // a mistake that types would catch
      await expect(claim(KEY, expiresAt)).rejects.toThrow(TypeError)
      await expect(leases.commit(KEY, { ...use(), expiresAt })).rejects.toThrow(TypeError)
    },
  )

  it.each([NaN, 0, -1, undefined, '1'])('cannot be leased for %p', async (duration) => {
    const lease = { ...LEASE, duration: duration as number } // likewise
    await expect(leases.reserve(KEY, lease)).rejects.toThrow(TypeError)
  })

  it.each(['', 'o'.repeat(65), 'a b', 'é', 'a\n', null, 7, ['a']])(
    'cannot belong to the owner %p',
    async (name) => {
      const owner = name as string // likewise
      await expect(claim(KEY, inAnHour(), owner)).rejects.toThrow(TypeError)
      await expect(unclaim(KEY, owner)).rejects.toThrow(TypeError)
      await expect(leases.reserve(KEY, { ...LEASE, owner })).rejects.toThrow(TypeError)
      await expect(leases.commit(KEY, { ...use(), owner })).rejects.toThrow(TypeError)
      await expect(leases.release(KEY, owner)).rejects.toThrow(TypeError)
    },
  )
})

describeWithPostgres('a client that lost count of its results', (database) => {
  it.each(QUESTIONS)('is not believed: %s', async (_name, ask) => {
    const query = queryOf(database.pool())
    let last: ReturnType<PostgresQuery> = Promise.resolve({ rows: [] })
    let isShifted = false
    const store = postgresReplayStore({
      query: (text, values) => {
        const result = query(text, values)
        const given = isShifted ? last : result
        last = result
        return given
      },
    })
    await ask(store, newKey())
    isShifted = true
    const key = newKey()
    await expect(ask(store, key)).rejects.toThrow('the result of another statement')
    await expect(ask(store, key)).rejects.toThrow('the result of another statement')
  })

  it('is told its own result again: a claim that was sent twice', async () => {
    const query = queryOf(database.pool())
    const store = postgresReplayStore({
      async query(text, values) {
        await query(text, values)
        return query(text, values)
      },
    })
    const key = newKey()
    expect(await store.claim(key, inAnHour())).toBe(true)
    expect(await store.claim(key, inAnHour())).toBe(false)
    expect(await database.store().claim(key, inAnHour())).toBe(false)
  })
})
