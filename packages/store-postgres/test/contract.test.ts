import { replayStoreCases } from '@countersign/testing'
import { postgresReplayStore, type PostgresReplayStore } from '../src'
import { openLite, type Lite } from './support/lite'
import { describeWithPostgres } from './support/postgres'

function expectContract(open: () => PostgresReplayStore, peer = open): void {
  const cases = replayStoreCases(open, { leases: true, peer })
  it.each(cases.map(({ name, run }) => [name, run] as const))('%s', async (_name, run) => {
    await expect(run()).resolves.toBeUndefined()
  })
}

const SESSIONS = [
  ['pools of pg', {}],
  ['sessions that are serializable', { default_transaction_isolation: 'serializable' }],
  ['sessions that read repeatably', { default_transaction_isolation: 'repeatable\\ read' }],
] as const

describeWithPostgres('the contract of a replay store', (database) => {
  describe.each(SESSIONS)('over %s', (_name, settings) => {
    let stores: readonly PostgresReplayStore[]
    beforeAll(() => {
      stores = [database.store(settings), database.store(settings)]
    })
    expectContract(
      () => stores[0]!,
      () => stores[1]!,
    )
  })

  describe('with a method of the pool', () => {
    let store: PostgresReplayStore
    beforeAll(async () => {
      const pool = database.pool()
      const table = `${database.schema}.order` // a word of SQL
      store = postgresReplayStore({ query: pool.query.bind(pool), table })
      await store.migrate()
    })
    expectContract(() => store)
  })
})

describe('the contract of a replay store, over PGlite', () => {
  let lite: Lite
  beforeAll(async () => {
    lite = await openLite()
    await postgresReplayStore({ query: lite.query }).migrate()
  })
  afterAll(() => lite.close())
  expectContract(() => postgresReplayStore({ query: lite.query }))
})
