import type { Option } from './options'
import { isRejection, Rejection } from './rejection'
import { rawQuery, readParameter } from './wire/parameters'

const LOCAL_PATH = /^\/(?![/\\]|%2f|%5c|%0[9ad])[^\s\\\p{Cc}]*$/iu

/**
 * True for a path of the application's own origin, such as `/board?sort=new`. False for `//host`,
 * `/\host`, `https:host`, control characters, and spellings of these with percent-encoding.
 */
export function isLocalPath(text: unknown): text is string {
  if (typeof text !== 'string' || !LOCAL_PATH.test(text)) return false
  return !new URL(text, 'http://own.invalid').pathname.startsWith('//') // `/..//host`, resolved
}

/** A path as a header field may contain it: in ASCII, which readers agree about (RFC 9110 section 5.5). */
export function inAscii(path: string): string {
  return path.replace(/[^\x21-\x7e]+/g, encodeURIComponent)
}

export const localPathOption: Option<string | undefined> = {
  wanted: 'a path of your own application, such as "/login"',
  fallback: undefined,
  read: (given) => (isLocalPath(given) ? given : undefined),
}

/**
 * The address that a request asks to be sent on to.
 * @param target path and query
 * @param rule what an allowed address is, for the detail of a refusal
 * @throws Rejection `return_to_invalid` for an address that is not allowed, is repeated or does not decode
 */
export function returnAddress(
  target: string,
  parameter: string,
  rule: string,
  isAllowed: (address: string) => boolean,
): string | undefined {
  try {
    const asked = readParameter(rawQuery(target), parameter)
    if (asked === undefined || isAllowed(asked)) return asked
  } catch (error) {
    throw isRejection(error) ? new Rejection('return_to_invalid', error.detail) : error
  }
  throw new Rejection('return_to_invalid', `"${parameter}" is not ${rule}`)
}
