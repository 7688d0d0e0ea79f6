import type { Step } from '../lines/lines'

/**
 * A mistake: the steps of signing that have to change, what is wrong, and what to change. Words in
 * braces are replaced by the facts of the case.
 */
export type Row = readonly [steps: Steps, sentence: string, change: string]

type Steps = Step | `${Step} ${Step}` | `${Step} ${Step} ${Step}`
