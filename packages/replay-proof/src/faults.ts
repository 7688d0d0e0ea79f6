import { clockFaults } from './clock-faults'
import { clusterFaults } from './cluster-faults'
import { crashFaults } from './crash-faults'
import { customFaults } from './custom-faults'
import { expiryFaults } from './expiry-faults'
import { failoverFaults } from './failover-faults'
import { handlerFaults } from './handler-faults'
import { memoryFaults } from './memory-faults'
import { nonceFaults } from './nonce-faults'
import type { Fault } from './outcome'
import { postgresFaults } from './postgres-faults'
import { postgresLosses } from './postgres-losses'
import { redisErrors } from './redis-errors'
import { redisLosses } from './redis-losses'
import { replyFaults } from './reply-faults'
import { serverFaults } from './server-faults'
import { transactionFaults } from './transaction-faults'

/** All that was thought of, by kind. */
export const FAULTS: Readonly<Record<string, readonly Fault[]>> = {
  servers: serverFaults,
  replies: replyFaults,
  'redis-errors': redisErrors,
  'redis-losses': redisLosses,
  failover: failoverFaults,
  cluster: clusterFaults,
  postgres: postgresFaults,
  'postgres-losses': postgresLosses,
  transactions: transactionFaults,
  crashes: crashFaults,
  clocks: clockFaults,
  expiry: expiryFaults,
  nonces: nonceFaults,
  handlers: handlerFaults,
  custom: customFaults,
  memory: memoryFaults,
}
