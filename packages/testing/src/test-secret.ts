import { createHash } from 'node:crypto'

/** How every secret of the tests begins. No portal takes one where `NODE_ENV` is `production`. */
const TEST_SECRET = 'countersign-test-secret-'

/**
 * A secret for tests: always the same for the same name, never the same for another, and refused by
 * every portal where `NODE_ENV` is `production`.
 * @param name tells it from the others of a suite
 */
export function testSecret(name = 'portal'): string {
  return TEST_SECRET + createHash('sha256').update(name, 'utf8').digest('hex').slice(0, 40)
}
