import { decodeUtf8 } from './bytes'

/** One JSON object as it was signed. Its members are not checked yet. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Nesting that a credential may have, its own object being level one. */
export const MAX_DEPTH = 8
/** Members that a credential may have, on all levels together. */
export const MAX_MEMBERS = 64

const QUOTE = 0x22
const BACKSLASH = 0x5c

/**
 * Reads one JSON object from UTF-8 bytes, or answers `undefined`: bytes that are not UTF-8, a byte
 * order mark, anything but an object, a member twice (also after unescaping), a member called
 * `__proto__`, a lone surrogate, more than 8 levels or 64 members.
 */
export function parseObject(bytes: Uint8Array): JsonObject | undefined {
  const quotes = countQuotes(bytes)
  const text = decodeUtf8(bytes)
  const value = text === undefined ? undefined : parse(text)
  return isObject(value) && isClean(value, { text: text as string, quotes }) ? value : undefined
}

/** The quotes that begin and end strings: in JSON an escape stands only inside one. */
function countQuotes(bytes: Uint8Array): number {
  let quotes = 0
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index]
    if (byte === QUOTE) quotes++
    else if (byte === BACKSLASH) index++
  }
  return quotes
}

interface Source {
  readonly text: string
  readonly quotes: number
}

/**
 * Looks for what `JSON.parse` forgives. In a flat object every string takes two quotes, so a
 * member that was dropped because its name came twice leaves quotes over; a nested one is read
 * token by token.
 */
function isClean(value: JsonObject, { text, quotes }: Source): boolean {
  const names = Object.keys(value)
  if (names.length > MAX_MEMBERS) return false
  const escaped = text.includes('\\') // only an escape can write a lone surrogate in UTF-8
  let strings = names.length
  for (const name of names) {
    const member = value[name]
    if (name === '__proto__' || (escaped && LONE_SURROGATE.test(name))) return false
    if (typeof member === 'object' && member !== null) return hasOnlyPlainMembers(text)
    if (typeof member !== 'string') continue
    strings++
    if (escaped && LONE_SURROGATE.test(member)) return false
  }
  return strings * 2 === quotes
}

function hasOnlyPlainMembers(text: string): boolean {
  const open: (Set<string> | undefined)[] = []
  let members = 0
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"\s*:?|[{}[\]]/g)) {
    if (token === '{' || token === '[') open.push(token === '{' ? new Set() : undefined)
    else if (token === '}' || token === ']') open.pop()
    else if (!isPlainString(token, open.at(-1))) return false
    else if (token.endsWith(':')) members++
    if (open.length > MAX_DEPTH || members > MAX_MEMBERS) return false
  }
  return true
}

/** Also notes a member's name among those of its object. */
function isPlainString(token: string, names: Set<string> | undefined): boolean {
  const isName = token.endsWith(':')
  const content = JSON.parse(isName ? token.slice(0, -1) : token) as string // a JSON string literal
  if (LONE_SURROGATE.test(content)) return false
  if (!isName) return true
  if (content === '__proto__' || names?.has(content)) return false
  names?.add(content)
  return true
}

/** In a `u` pattern a surrogate that has its partner is part of one character and does not match. */
const LONE_SURROGATE = /\p{Cs}/u

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
