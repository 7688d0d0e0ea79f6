import { testFaults } from './faults'

testFaults('crashes')
