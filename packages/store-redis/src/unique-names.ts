import { randomBytes } from 'node:crypto'

/** Makes names that no other process makes. */
export function uniqueNames(): () => string {
  const prefix = randomBytes(12).toString('base64url')
  let count = 0
  return () => `${prefix}-${(count++).toString(36)}`
}
