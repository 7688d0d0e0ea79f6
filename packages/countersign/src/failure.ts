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
