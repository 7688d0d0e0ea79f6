import { postgresReplayStore, type PostgresQuery } from '../../src'
import { LEASE, QUESTIONS, use } from '../questions'
import { describeWithPostgres, inAnHour, newKey, queryOf } from '../support/postgres'

const KEY = newKey()
const never: PostgresQuery = () => Promise.reject(new Error('the database was asked'))

/** Results of a client that breaks its word. */
const NOT_ANSWERS: readonly unknown[] = [
  ...[undefined, null, [], [{ answer: 'free' }], {}, { rows: null }, { rows: [] }],
  ...[{ rows: [null] }, { rows: [{}] }, { rows: [{ answer: true }] }, { rows: [{ answer: null }] }],
]

const answering = (answer: (id: string) => unknown) =>
  postgresReplayStore({
    query: (async (_text, values) => answer(String(values.at(-1)))) as PostgresQuery, // likewise
  })

describe.each([
  ...QUESTIONS,
  ['sweep', (store) => store.sweep()],
  ['check', (store) => store.check()],
] satisfies typeof QUESTIONS)('%s', (_name, ask) => {
  it('rejects what is not an answer to this question', async () => {
    for (const result of [...NOT_ANSWERS, { rows: [{ answer: 'free:' }, { answer: 'free:' }] }]) {
      await expect(
        ask(
          answering(() => result),
          KEY,
        ),
      ).rejects.toThrow('did not return { rows }')
    }
    for (const answer of ['free', '1', '', 'free:', 'free:another-0']) {
      const asked = ask(
        answering(() => ({ rows: [{ answer }] })),
        KEY,
      )
      await expect(asked).rejects.toThrow('the result of another statement')
    }
    for (const word of ['FREE', '']) {
      const asked = ask(
        answering((id) => ({ rows: [{ answer: `${word}:${id}` }] })),
        KEY,
      )
      await expect(asked).rejects.toThrow(/did not answer with|JSON/)
    }
  })

  it('has an id of its own, and each value once and in order, so that clients can write `?`', async () => {
    const query = jest.fn((_text: string, _values: unknown[]): never => {
      throw new Error('no client')
    })
    const store = postgresReplayStore({ query })
    for (let n = 0; n < 2; n++) await expect(ask(store, KEY)).rejects.toThrow('no client')
    const [[text, values], [, others]] = query.mock.calls as [
      [string, unknown[]],
      [string, unknown[]],
    ] // two
    const numbers = [...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number))
    expect(numbers).toEqual(values.map((_value, index) => index + 1))
    expect(text).not.toContain('?')
    expect(values.at(-1)).not.toBe(others.at(-1))
    expect(query).toHaveBeenCalledTimes(2)
  })
})

/** Mistakes that types would catch among them. */
const NOT_KEYS: readonly unknown[] = [
  ...['', KEY.slice(1), `${KEY}A`, `${KEY.slice(1)}\n`, `${'+/'.repeat(21)}A`, `${KEY.slice(1)}=`],
  ...[`${'A'.repeat(42)}B`, Buffer.from(KEY, 'base64url').toString('hex'), undefined],
  Buffer.from(KEY),
]

describe('before the database is asked', () => {
  const store = postgresReplayStore({ query: never })
  const { claim, unclaim, leases } = store

  it.each(QUESTIONS)('%s refuses what is no key', async (_name, ask) => {
    for (const key of NOT_KEYS) await expect(ask(store, key as string)).rejects.toThrow(TypeError)
    await expect(ask(store, `${'-_'.repeat(21)}A`)).rejects.toThrow('the database was asked')
  })

  it('a time that is none is refused', async () => {
    await expect(claim(KEY, NaN)).rejects.toThrow(TypeError)
    await expect(leases.commit(KEY, { ...use(), expiresAt: 0 })).rejects.toThrow(TypeError)
    await expect(leases.reserve(KEY, { ...LEASE, duration: -1 })).rejects.toThrow(TypeError)
  })

  it.each(['', 'o'.repeat(65), 'a b', 7])('the owner %p is refused', async (name) => {
    const owner = name as string // a mistake that types would catch
    await expect(claim(KEY, inAnHour(), owner)).rejects.toThrow(TypeError)
    await expect(unclaim(KEY, owner)).rejects.toThrow(TypeError)
    await expect(leases.reserve(KEY, { ...LEASE, owner })).rejects.toThrow(TypeError)
    await expect(leases.commit(KEY, { ...use(), owner })).rejects.toThrow(TypeError)
    await expect(leases.release(KEY, owner)).rejects.toThrow(TypeError)
  })
})

describeWithPostgres('a claim that was sent twice', (database) => {
  it('has the same answer again, and no other claim has it', async () => {
    const query = queryOf(database.pool())
    const store = postgresReplayStore({
      query: async (text, values) => (await query(text, values), query(text, values)),
    })
    const key = newKey()
    expect(await store.claim(key, inAnHour())).toBe(true)
    expect(await store.claim(key, inAnHour())).toBe(false)
  })
})
