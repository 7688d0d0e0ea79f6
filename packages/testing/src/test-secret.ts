import { createHash } from 'node:crypto'

/** The beginning of every test secret. It is public; only what follows it distinguishes secrets. */
export const TEST_SECRET = 'countersign-test-secret-'

/**
 * A secret for tests: the same for the same name, different for any other name, and refused by every
 * portal where `NODE_ENV` is `production`.
 * @param name distinguishes the secrets of a suite
 */
export function testSecret(name = 'portal'): string {
  return TEST_SECRET + createHash('sha256').update(name, 'utf8').digest('hex').slice(0, 40)
}
