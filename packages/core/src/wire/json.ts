import { decodeUtf8 } from './bytes'
import { LIMITS } from './limits'

/** A signed JSON object whose members are still unchecked. */
export type JsonObject = Readonly<Record<string, unknown>>

/**
 * Parses one JSON object from UTF-8 bytes. Returns `undefined` for bytes that are not UTF-8, a byte
 * order mark, any other JSON value, a duplicate member (also after unescaping), a member called
 * `__proto__`, a lone surrogate, more than 8 levels or 64 members.
 */
export function parseObject(bytes: Uint8Array): JsonObject | undefined {
  const text = decodeUtf8(bytes)
  if (text === undefined) return undefined
  const value = parse(text)
  return isObject(value) && isStrict(value, text) ? value : undefined
}

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

/**
 * Looks for what `JSON.parse` accepts and we do not. In a flat object without escapes each string
 * takes two quotes, so a duplicate member leaves quotes over. Anything else is read by token.
 */
function isStrict(value: JsonObject, text: string): boolean {
  if (text.includes('\\')) return hasStrictTokens(text)
  const names = Object.keys(value)
  let strings = names.length
  if (strings > LIMITS.members) return false
  for (const name of names) {
    const member = value[name]
    if (name === '__proto__') return false
    if (typeof member === 'string') strings++
    else if (typeof member === 'object' && member !== null) return hasStrictTokens(text)
  }
  return countQuotes(text) === strings * 2
}

function countQuotes(text: string): number {
  let quotes = 0
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) quotes++
  return quotes
}

/** @param text valid JSON */
function hasStrictTokens(text: string): boolean {
  const open: (Set<string> | undefined)[] = []
  let members = 0
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"\s*:?|[{}[\]]/g)) {
    if (token === '{' || token === '[') open.push(token === '{' ? new Set() : undefined)
    else if (token === '}' || token === ']') open.pop()
    else if (!isStrictString(token, open.at(-1))) return false
    else if (token.endsWith(':')) members++
    if (open.length > LIMITS.depth || members > LIMITS.members) return false
  }
  return true
}

/** Also adds a member's name to the names of its object. */
function isStrictString(token: string, names: Set<string> | undefined): boolean {
  const isName = token.endsWith(':')
  const content = JSON.parse(isName ? token.slice(0, -1) : token) as string // a JSON string literal
  if (LONE_SURROGATE.test(content)) return false
  if (!isName) return true
  if (content === '__proto__' || names?.has(content)) return false
  names?.add(content)
  return true
}

/** With the `u` flag a surrogate that has its partner is part of one character and does not match. */
const LONE_SURROGATE = /\p{Cs}/u
