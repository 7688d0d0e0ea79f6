import { clockFaults } from './clock'
import { clusterFaults } from './cluster'
import { crashFaults } from './crash'
import { customFaults } from './custom'
import { expiryFaults } from './expiry'
import { failoverFaults } from './failover'
import { handlerFaults } from './handler'
import { memoryFaults } from './memory'
import { nonceFaults } from './nonce'
import type { Fault } from '../outcome'
import { postgresFaults } from './postgres'
import { postgresLosses } from './postgres-losses'
import { redisErrors } from './redis-errors'
import { redisLosses } from './redis-losses'
import { replyFaults } from './reply'
import { serverFaults } from './server'
import { stallFaults } from './stall'
import { transactionFaults } from './transaction'

/** All that was thought of, by kind. */
export const FAULTS: Readonly<Record<string, readonly Fault[]>> = {
  servers: serverFaults,
  stalls: stallFaults,
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
