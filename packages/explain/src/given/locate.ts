/** Offsets into the text that was given, in UTF-16 code units. The end is exclusive. */
export type Range = readonly [start: number, end: number]

/** A part of what was given, as it was read, or a part of such a part. */
export type At = string | readonly [text: string, start: number, end?: number]

/** How a part can be spelled in what was given. */
const SPELLINGS: readonly ((text: string) => string)[] = [
  (text) => text,
  percentEncoded,
  (text) => percentEncoded(text).replaceAll(/%../g, (byte) => byte.toLowerCase()),
  (text) => percentEncoded(percentEncoded(text)),
  (text) => percentEncoded(text).replaceAll('%20', '+'),
  (text) => text.replaceAll('+', ' '),
  (text) => text.replaceAll("'", "'\\''"),
  inJson,
  (text) => inJson(text).replaceAll('/', '\\/'),
  (text) => inJson(text).replaceAll(/[\u007f-\uffff]/g, unicodeEscape),
]

/** Where a part is in what was given; everything where it is not found. */
export function locate(given: string, at: At): Range {
  const [text, start, end = text.length] = typeof at === 'string' ? [at, 0] : at
  if (text === '') return [0, 0]
  for (const spelled of SPELLINGS) {
    const index = given.indexOf(spelled(text))
    const lengthOf = (to: number): number => spelled(text.slice(0, to)).length
    if (index !== -1) return [index + lengthOf(start), index + lengthOf(end)]
  }
  const from = Math.max(0, start - ENDS)
  const near = text.slice(from, end + ENDS)
  if (near !== text) return locate(given, [near, start - from, end - from]) // the rest of it is spelled in several ways
  if (text.length <= ENDS) return [0, given.length]
  const [first] = locate(given, text.slice(0, ENDS)) // something was removed from it, such as a line break
  const [, last] = locate(given, text.slice(-ENDS))
  return [first, Math.max(first, last)]
}

/** So many characters of a credential occur once. */
const ENDS = 16

function percentEncoded(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Cs}/gu, '\uFFFD'))
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
