import type { ExitCode } from './exit'
import type { Terminal } from './terminal'

/** What a command is run with: its argument, and its options as commander reads them. */
export type Action = (
  given: string | undefined,
  options: Readonly<Record<string, unknown>>,
  terminal: Terminal,
) => Promise<ExitCode>
