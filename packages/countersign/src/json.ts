import type { Terminal } from './terminal'

/** Of what `--json` prints. Changes when something is removed or gets another meaning. */
export const SCHEMA = 'countersign/1'

export function printJson({ stdout }: Terminal, command: string, content: object): void {
  stdout.write(`${JSON.stringify({ schema: SCHEMA, command, ...content }, null, 2)}\n`)
}
