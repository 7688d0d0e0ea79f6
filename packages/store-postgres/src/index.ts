export { postgresReplayStore, type PostgresReplayStore } from './postgres-replay-store'
export type { PostgresQuery, PostgresReplayStoreOptions } from './options'
export type { PostgresReport } from './check'
