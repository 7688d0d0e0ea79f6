import type { Command } from 'commander'
import type { ExitCode } from './failure'
import type { Terminal } from './terminal'

/** What a command prints: text, or JSON where that is wanted. */
export interface Result {
  /** @default EXIT.valid */
  readonly code?: ExitCode
  readonly json: object
  readonly out: string
  /** What people read and programs do not, such as a hint. Left out of JSON. */
  readonly err?: string
}

/**
 * The options of all commands, as commander reads them. The ids of a portal and the properties of a
 * user are among them, too.
 */
export interface Options {
  /** Of every command but `secret`. */
  readonly portal: string
  readonly secret?: unknown
  readonly secretEnv?: string
  readonly secretFile?: string
  readonly bearer?: true
  readonly nonce?: string
  readonly expiresIn?: string
  readonly otherEnv?: readonly string[]
  readonly language?: string
  readonly port?: string
  readonly env?: string
  readonly json?: true
}

/** One of the commands. Its file is loaded when it is chosen. */
export interface CommandModule {
  /** Shown by `--help`, and executed by a test. */
  readonly examples: readonly string[]
  /** Adds its options. Those of a portal depend on the portal that `argv` names. */
  define(command: Command, argv: readonly string[]): void
  /** @returns `null` for a command that has printed what it has to say */
  run(options: Options, terminal: Terminal, argument: string | undefined): Promise<Result | null>
}

/** `--workspace-id` for `workspaceId`, `--avatar-url` for `avatarURL`. */
export function optionName(property: string): string {
  return `--${property.replaceAll(/(?<=[a-z])[A-Z]+/g, (capitals) => `-${capitals}`).toLowerCase()}`
}
