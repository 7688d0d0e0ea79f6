export type {
  CheckOptions,
  RedisClusterCommand,
  RedisCommand,
  RedisReplayStoreOptions,
} from './options'
export { redisReplayStore, type RedisReplayStore } from './redis-replay-store'
export type { RedisReport } from './report'
