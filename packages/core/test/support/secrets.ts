/** Long enough for every scheme; they sign nothing outside these tests. */
export const CURRENT = 'current-test-secret-0123456789-abcdefgh'
export const PREVIOUS = 'previous-test-secret-0123456789-abcdefg'
export const FOREIGN = 'foreign-test-secret-0123456789-abcdefghi'
