import { readFileSync } from 'node:fs'
import { askHidden, readText } from './prompt'

/** What a command knows of the world. Tests pass their own. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Milliseconds since the epoch. */
  now(): number
  readonly stdin: {
    readonly isTTY: boolean
    /** Everything up to the end; on a terminal, what is pasted at once. */
    read(): Promise<string>
  }
  readonly stdout: Output
  readonly stderr: Output
  /** Asks for something that is not shown. */
  askHidden(question: string): Promise<string>
  readFile(path: string): Buffer
  /** Resolves when the user wants to end a command that would run for ever. */
  interrupted(): Promise<void>
}

export interface Output {
  readonly isTTY: boolean
  readonly columns: number
  write(text: string): void
}

export function processTerminal(): Terminal {
  return {
    env: process.env,
    now: () => Date.now(),
    stdin: {
      isTTY: process.stdin.isTTY ?? false,
      read: () => readText(process.stdin),
    },
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    askHidden: (question) => askHidden(question, process.stdin, process.stderr),
    readFile: (path) => readFileSync(path),
    interrupted: () => new Promise((resolve) => process.once('SIGINT', resolve)),
  }
}

function outputOf(stream: NodeJS.WriteStream): Output {
  return {
    isTTY: stream.isTTY ?? false,
    columns: stream.columns ?? 80,
    write: (text) => stream.write(text),
  }
}
