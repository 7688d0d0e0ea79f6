import { replayStoreCases } from '@countersign/testing'
import type { PostgresReplayStore } from '../../src'
import { describeWithPostgres } from '../support/postgres'

/** The other tests have sessions that are read committed. */
const STRICT = { default_transaction_isolation: 'serializable' }

describeWithPostgres('a PostgreSQL store', (database) => {
  let stores: readonly PostgresReplayStore[]
  beforeAll(() => {
    stores = [database.store(STRICT), database.store(STRICT)]
  })
  const cases = replayStoreCases(() => stores[0]!, { leases: true, peer: () => stores[1]! })
  it.each(cases)('$name, in serializable sessions', ({ run }) =>
    expect(run()).resolves.toBeUndefined(),
  )
})
