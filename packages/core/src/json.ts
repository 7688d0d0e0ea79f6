import { asBuffer, decodeUtf8 } from './bytes'

/** One JSON object as it was signed. Its members are not checked yet. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Nesting that a credential may have, its own object being level one. */
export const MAX_DEPTH = 8
/** Members that a credential may have, on all levels together. */
export const MAX_MEMBERS = 64

const QUOTE = 0x22
const BACKSLASH = 0x5c
const FIRST_NON_ASCII = 0x80

/**
 * Reads one JSON object from UTF-8 bytes, or answers `undefined`: bytes that are not UTF-8, a byte
 * order mark, anything but an object, a member twice (also after unescaping), a member called
 * `__proto__`, a lone surrogate, more than 8 levels or 64 members.
 */
export function parseObject(bytes: Uint8Array): JsonObject | undefined {
  const quotes = countQuotes(bytes)
  return quotes === undefined ? parseAnyText(bytes) : parsePlainText(bytes, quotes)
}

/** The quotes in plain text; `undefined` where an escape or a non-ASCII byte asks for more care. */
function countQuotes(bytes: Uint8Array): number | undefined {
  let quotes = 0
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] as number // within bounds
    if (byte === QUOTE) quotes++
    else if (byte === BACKSLASH || byte >= FIRST_NON_ASCII) return undefined
  }
  return quotes
}

/**
 * The ordinary flat payload. Without escapes every string takes two quotes, so a member that was
 * dropped because its name came twice leaves quotes over.
 */
function parsePlainText(bytes: Uint8Array, quotes: number): JsonObject | undefined {
  const text = asBuffer(bytes).toString('latin1')
  const value = parse(text)
  if (!isObject(value)) return undefined
  const names = Object.keys(value)
  if (names.length > MAX_MEMBERS) return undefined
  let strings = names.length
  for (const name of names) {
    const member = value[name]
    if (name === '__proto__') return undefined
    if (typeof member === 'string') strings++
    else if (typeof member === 'object' && member !== null) return scanned(text, value)
  }
  return strings * 2 === quotes ? value : undefined
}

function parseAnyText(bytes: Uint8Array): JsonObject | undefined {
  const text = decodeUtf8(bytes)
  if (text === undefined) return undefined
  const value = parse(text)
  return isObject(value) ? scanned(text, value) : undefined
}

/** `JSON.parse` has vouched for the syntax; this looks for what it forgives. */
function scanned(text: string, value: JsonObject): JsonObject | undefined {
  return hasOnlyPlainMembers(text) ? value : undefined
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
