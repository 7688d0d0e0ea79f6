export { flaws, show, type Fault } from './fault'
export type { Outcome } from './trial'
