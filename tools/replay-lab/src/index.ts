export { flaws, show, type Fault, type Outcome } from './fault'
