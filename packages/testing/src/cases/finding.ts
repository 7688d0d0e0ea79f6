import type { Severity } from '../defects/defect'
import type { CaseResponse } from './response'

/** What is wrong, in words. Never contains a credential or a secret. */
export interface Finding {
  readonly severity: Severity
  /** The request. */
  readonly sent: string
  /** The answer, and the answer that was expected. */
  readonly received: string
  /** What the answer means: its cause, or the causes that it can have. */
  readonly means: string
  /** What to change. */
  readonly fix: string
}

/** What is wrong with an answer, and what to do about it. */
export interface Fault {
  /** The cause, its details after a colon or semicolon, and after an arrow what to change. */
  readonly tells: string
  /** @default what an accepted credential, or else a wrong answer, means */
  readonly severity?: Severity | undefined
  /** @default the answer itself */
  readonly received?: string
}

/** A fault by which someone gets what is not theirs. */
export function wayIn(received: string, tells: string): Fault {
  return { received, severity: 'a way in', tells }
}

/** The answers of the same app to plain requests, by what was sent. */
export interface Controls {
  /** A request without a credential, or of a signed-out visitor. */
  readonly anonymous: CaseResponse
  /** A valid credential, or a signed-in user. */
  readonly valid: CaseResponse
  /** A credential with a wrong signature. */
  readonly forged?: CaseResponse
}

/** What is known about a wrong answer. */
export interface Facts extends Controls {
  readonly response: CaseResponse
  /** As `anonymous`, before anything else was sent. */
  readonly first: CaseResponse
  /** The path that the cases are about. */
  readonly path: string
}

/** Of what is not about a way in. */
export function brokenPromise(sent: string, received: string, tells: string): Finding {
  return { severity: 'a broken promise', sent, received, ...linesOf(tells) }
}

/** The two lines of a finding that a fault tells. */
export function linesOf(tells: string): Pick<Finding, 'means' | 'fix'> {
  const [means = '', fix = ''] = tells.split(' → ')
  return { means, fix }
}

/** The cause alone, without its details. */
function causeOf({ means }: Pick<Finding, 'means'>): string {
  return means.split(/[:;]/, 1)[0] as string // there is one
}

/** The finding as a test runner shows it. */
function findingText(finding: Finding): string {
  const { severity, sent, received, means, fix } = finding
  const lines = Object.entries({ sent, received, means, fix }).map(
    ([label, text]) => `  ${label.padEnd(9)} ${text}`,
  )
  const title = severity[0]?.toUpperCase() + severity.slice(1)
  return `${title}: ${causeOf(finding)}\n\n${lines.join('\n')}\n`
}

/** Makes the errors that fail tests. */
export type Tell = (finding: Finding) => Error & { readonly finding: Finding }

/** Each cause is told once. What follows from it is one line. @param where the stack of errors */
export function teller(where: string): Tell {
  const told = new Set<string>()
  return (finding) => {
    const cause = causeOf(finding)
    const follows = told.has(cause)
    told.add(cause)
    const message = follows ? `follows from: ${cause}` : findingText(finding)
    const error = Object.assign(new Error(message), { finding })
    error.stack = `Error: ${message}${follows ? '' : `\n${where}`}` // without frames runners show one line
    return error
  }
}

/** A function of the kit that a test calls: errors name it, and stacks begin above it. */
export type Entry = (...input: never[]) => unknown

/** The stack of the caller of a function. */
export function callerOf(entry: Entry): string {
  const holder: { stack?: string } = {}
  Error.captureStackTrace(holder, entry)
  return holder.stack?.split('\n').slice(1).join('\n') ?? ''
}
