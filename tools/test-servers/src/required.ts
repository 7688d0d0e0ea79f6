/**
 * Whether the tests that need a server can run. Where it is missing they are to be skipped, and this
 * says so; with `COUNTERSIGN_REQUIRE_SERVERS=1` it fails instead, so that no check passes without them.
 * @param name what is missing, as one would install it
 * @param found what `findRedis`, `findPostgres` or `findProgram` has found
 * @returns true where it is there: `(serverOrSkip('redis-server', findRedis()) ? describe : describe.skip)(…)`
 * @throws Error where it is missing and required
 */
export function serverOrSkip(name: string, found: object | string | undefined): boolean {
  if (found !== undefined) return true
  const missing = `SKIPPED: no ${name} here. Its tests are not run; install it to run them.`
  if (process.env['COUNTERSIGN_REQUIRE_SERVERS'] === '1') throw new Error(missing)
  process.stderr.write(`${missing}\n`) // a runner prints more than a line for console.warn
  return false
}
