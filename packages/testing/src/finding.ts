/** What a failing case has to say, in sentences. Never holds a credential or a secret. */
export interface Finding {
  /** What was asked. */
  readonly sent: string
  /** What came back. */
  readonly received: string
  /** What that means for whoever runs the app. */
  readonly means: string
  /** What to change. */
  readonly fix: string
}

/** The finding as a test runner shows it. */
export function findingText({ sent, received, means, fix }: Finding): string {
  const lines = [
    ['sent', sent],
    ['received', received],
    ['means', means],
    ['fix', fix],
  ] as const
  return lines.map(([label, text]) => `  ${label.padEnd(9)} ${text}`).join('\n')
}

/** The error that a case is failed with. */
export function findingError(title: string, finding: Finding): Error & { finding: Finding } {
  return Object.assign(new Error(`${title}\n\n${findingText(finding)}\n`), { finding })
}
