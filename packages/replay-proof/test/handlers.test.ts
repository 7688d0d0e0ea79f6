import { testFaults } from './faults'

testFaults('handlers', 'custom', 'memory')
