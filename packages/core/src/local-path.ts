import type { Option } from './options'

/**
 * True for a path of the application's own origin, such as `/board?sort=new`. False for `//host`,
 * `/\host`, `https:host`, control characters, and spellings of these with percent-encoding.
 */
export function isLocalPath(text: unknown): text is string {
  if (typeof text !== 'string' || !/^\/(?![/\\]|%2f|%5c)[^\s\\\p{Cc}]*$/iu.test(text)) return false
  const { origin, pathname } = new URL(text, OWN)
  return origin === OWN && !pathname.startsWith('//')
}

const OWN = 'http://own.invalid'

export const localPathOption: Option<string | undefined> = {
  wanted: 'a path of your own application, such as "/login"',
  fallback: undefined,
  read: (given) => (isLocalPath(given) ? given : undefined),
}
