/** Tells the developer, on the process's own channel for that. Never with a secret or a credential. */
export function warn(code: string, message: string): void {
  process.emitWarning(`Countersign: ${message}`, { type: 'CountersignWarning', code })
}
