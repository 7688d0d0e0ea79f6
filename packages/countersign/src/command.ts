import type { Command } from 'commander'
import type { Terminal } from './terminal'

/** What a command ends with. */
export const EXIT = { valid: 0, refused: 1, misuse: 2, failed: 3 } as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** One of the commands. Its file is loaded when it is chosen. */
export interface CommandModule<Options> {
  /** Shown by `--help`, and executed by a test. */
  readonly examples: readonly string[]
  /** Adds its options. Those of a portal depend on the portal that `argv` names. */
  define(command: Command, argv: readonly string[]): void
  /** @param options as commander reads them */
  run(options: Options, terminal: Terminal, argument: string | undefined): Promise<ExitCode>
}

/** Ends a command with a message and without a stack. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode = EXIT.failed) {
    super(message)
    this.exitCode = exitCode
  }
}

/** @returns an error for a command line that cannot be right */
export function misuse(message: string): Failure {
  return new Failure(message, EXIT.misuse)
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
