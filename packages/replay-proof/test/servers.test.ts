import { testFaults } from './faults'

testFaults('servers')
