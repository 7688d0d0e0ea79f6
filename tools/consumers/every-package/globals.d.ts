/** Of a test runner, whichever it is. */
declare function test(name: string, run: () => unknown): void
