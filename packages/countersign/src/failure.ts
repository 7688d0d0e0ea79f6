/** What a command ends with. */
export const EXIT = { valid: 0, refused: 1, misuse: 2, failed: 3 } as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

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

/**
 * What to say of an error. Those of the core are known by their names: only the command that runs
 * loads the core.
 * @throws any other error
 */
export function toldBy(error: unknown): { readonly text: string; readonly code: ExitCode } {
  if (error instanceof Failure) return { text: error.message, code: error.exitCode }
  const { name, message, detail, reason } = error as Readonly<
    Record<'name' | 'message' | 'detail' | 'reason', string>
  > // of the core, or it is thrown
  if (name === 'Rejection') return { text: `${message}: ${detail}.`, code: EXIT.failed }
  if (name !== 'ConfigError') throw error
  if (reason === 'id_missing') return { text: `${detail}.`, code: EXIT.misuse } // its fix is code
  return { text: message, code: reason.startsWith('option_') ? EXIT.misuse : EXIT.failed }
}
