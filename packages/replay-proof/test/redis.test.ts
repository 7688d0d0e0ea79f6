import { testFaults } from './faults'

testFaults('replies', 'redis-errors', 'redis-losses', 'failover', 'cluster')
