import { createHash } from 'node:crypto'

/** The beginning of every test secret. It is public; only what follows it distinguishes secrets. */
export const TEST_SECRET = 'countersign-test-secret-'

/** A secret for tests: one for each name. Portals refuse it where `NODE_ENV` is `production`. */
export function testSecret(name = 'portal'): string {
  return TEST_SECRET + createHash('sha256').update(name, 'utf8').digest('hex').slice(0, 40)
}
