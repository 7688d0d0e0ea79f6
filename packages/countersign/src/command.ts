import type { Command } from 'commander'
import type { ExitCode } from './failure'
import type { Terminal } from './terminal'

/** One of the commands. Its file is loaded when it is chosen. */
export interface CommandModule<Options> {
  /** Shown by `--help`, and executed by a test. */
  readonly examples: readonly string[]
  /** Adds its options. Those of a portal depend on the portal that `argv` names. */
  define(command: Command, argv: readonly string[]): void
  /** @param options as commander reads them */
  run(options: Options, terminal: Terminal, argument: string | undefined): Promise<ExitCode>
}

/** The version of what `--json` prints. Changes when something is removed or gets another meaning. */
const SCHEMA = 'countersign/1'

export function printJson({ stdout }: Terminal, command: string, content: object): void {
  stdout.write(`${JSON.stringify({ schema: SCHEMA, command, ...content }, null, 2)}\n`)
}

/** `--workspace-id` for `workspaceId`, `--avatar-url` for `avatarURL`. */
export function optionName(property: string): string {
  return `--${property.replaceAll(/(?<=[a-z])[A-Z]+/g, (capitals) => `-${capitals}`).toLowerCase()}`
}
