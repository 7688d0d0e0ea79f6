import { testFaults } from './faults'

testFaults('postgres', 'postgres-losses', 'transactions')
