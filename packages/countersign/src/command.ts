import type { ExitCode } from './failure'
import type { Terminal } from './terminal'

/** What a command is run with: its argument, and its options as commander reads them. */
export type Action = (
  given: string | undefined,
  options: Readonly<Record<string, unknown>>,
  terminal: Terminal,
) => Promise<ExitCode>

/** The version of what `--json` prints. Changes when something is removed or gets another meaning. */
export const SCHEMA = 'countersign/1'

export function printJson({ stdout }: Terminal, command: string, content: object): void {
  stdout.write(`${JSON.stringify({ schema: SCHEMA, command, ...content }, null, 2)}\n`)
}
