import { testFaults } from './faults'

testFaults('clocks', 'expiry', 'nonces')
