import type { Portal } from '@countersign/core'
import type { Ids } from '../portals'

/** What the debugger works with. The secret stays in this process. */
export interface Bench {
  readonly name: string
  readonly portal: Portal
  readonly secret: string
  readonly ids: Ids
  now(): number
}

export const LANGUAGE_NAMES: Readonly<Record<string, string>> = {
  javascript: 'JavaScript',
  python: 'Python',
  php: 'PHP',
  ruby: 'Ruby',
  curl: 'curl',
}
