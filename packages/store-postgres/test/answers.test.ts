import { postgresReplayStore, type PostgresQuery } from '../src'
import { inAnHour, newKey } from './support/postgres'

describe('an answer that is none', () => {
  const ANSWERS: readonly unknown[] = [
    undefined,
    null,
    [],
    [{ answer: 'free' }],
    {},
    { rows: null },
    { rows: [] },
    { rows: [null] },
    { rows: [{}] },
    { rows: [{ answer: true }] },
    { rows: [{ answer: null }] },
    { rows: [{ answer: 'FREE' }] },
    { rows: [{ answer: '' }] },
    { rows: [{ answer: 'free' }, { answer: 'free' }] },
  ]

  it.each(ANSWERS.map((answer) => [answer]))('is not taken for one: %j', async (answer) => {
    const query = (async () => answer) as unknown as PostgresQuery // a client that breaks its word
    const { claim, has, leases, check, sweep } = postgresReplayStore({ query })
    const [key, owner] = [newKey(), 'me']
    const asking = [
      claim(key, inAnHour()),
      has(key),
      leases.look(key),
      leases.reserve(key, { owner, duration: 1 }),
      leases.commit(key, { owner, expiresAt: Infinity }),
      leases.release(key, owner),
      sweep(),
      check(),
    ]
    const outcomes = await Promise.allSettled(asking)
    expect(outcomes.map(({ status }) => status)).toEqual(asking.map(() => 'rejected'))
  })

  it('of a client that throws at once is a rejection too', async () => {
    const query: PostgresQuery = () => {
      throw new Error('no client')
    }
    const { claim, has } = postgresReplayStore({ query })
    await expect(claim(newKey(), inAnHour())).rejects.toThrow('no client')
    await expect(has(newKey())).rejects.toThrow('no client')
  })
})
