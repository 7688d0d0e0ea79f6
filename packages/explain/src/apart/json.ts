import { LIMITS, type JsonObject } from '@countersign/core'
import { noteIn, type CauseId, type Found } from '../causes'
import type { Format } from '../format'
import type { Range } from '../given/locate'
import { textOf } from '../given/text'

/** JSON that was read as far as it can be. */
export interface LooseJson {
  /** As text, however its bytes have to be read. */
  readonly text: string
  /** The object that was meant; `null` where there is none. */
  readonly value: JsonObject | null
  /** What is wrong with it, and where in `text`. */
  readonly found: readonly Found[]
}

type Note = (id: CauseId, sent: string, at?: Range | readonly [start: number]) => void

/** Reads the object that was meant, and says what is wrong with the JSON. */
export function readLoosely(bytes: Uint8Array, content: Format['content']): LooseJson {
  const buffer = Buffer.from(bytes)
  const isUtf16 = buffer.length > 3 && (buffer[1] === 0 || buffer.readUInt16BE() === 0xfffe)
  const sent = isUtf16 ? buffer.toString('utf16le') : textOf(buffer)
  const text = sent.replace(/^(?:\uFEFF|ï»¿)/, '')
  const found: Found[] = []
  const note: Note = (id, what, at = [0]) => noteIn(found)(id, [text, ...at], { sent: what })
  if (isUtf16) note('json-encoding', 'is UTF-16')
  else if (text !== sent) note('json-encoding', 'begins with a byte order mark', [0, 1])
  else if (areClaims(text) && !Buffer.from(text).equals(buffer)) {
    note('json-encoding', 'contains bytes that are not UTF-8')
  }
  const value = content === 'form' ? fromForm(text) : objectOf(text, note)
  return { text, value, found }
}

/** True for what begins as JSON does, and for a form. */
export function areClaims(text: string): boolean {
  return /^\{|=/.test(text)
}

function objectOf(text: string, note: Note): JsonObject | null {
  if (text === '') {
    note('payload-empty', 'body')
    return null
  }
  const strict = parse(text)
  const value = strict === undefined ? beginning(text, note) : strict
  if (isObject(value)) {
    noteForbidden(text, note)
    return Object.fromEntries(Object.entries(value).filter(([name]) => name !== '__proto__'))
  }
  const inner = typeof value === 'string' ? parse(value) : Array.isArray(value) ? value[0] : null
  const isTwice = typeof value === 'string' && isObject(inner)
  if (value !== undefined) note('json-invalid', isTwice ? TWICE : shown(value))
  return isObject(inner) ? inner : null
}

const TWICE = 'a JSON string that contains the JSON, which was encoded twice'

/** @returns `undefined` for what is no JSON */
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

/** A value as a sentence shows it. */
export function shown(value: unknown): string {
  if (value === null) return '`null`'
  const text = (typeof value === 'number' ? String(value) : JSON.stringify(value)) ?? 'missing'
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

function fromForm(text: string): JsonObject {
  const pairs = [...new URLSearchParams(text)]
  return Object.fromEntries(
    pairs.map(([name, value]) => [name, /^\d{10,13}$/.test(value) ? Number(value) : value]),
  )
}

const FORM = 'a form (`a=1&b=2`)'

/** What people take for JSON, and how it looks where strings in double quotes are blank. */
const STYLES: readonly (readonly [sent: string, pattern: RegExp])[] = [
  ['an object that was converted to text without a JSON encoder', /^\[object \w+\]$|^Array$/],
  [FORM, /^[\w.[\]%-]+=[^{}]*$/],
  ['the printed form of a Python dictionary', /\b(?:None|True|False)\b|': [^]*, '/],
  ['the printed form of a Ruby hash', /\bnil\b|=>|[{,]\s*\w+:\s/],
  ['JSON with strings in single quotes', /'/],
  ['JSON with a comment in it', /\/[/*]/],
  ['JSON with a comma behind the last member', /,\s*[}\]]/],
  ['JSON with something behind it', /\}\s*[^\s},\]]/],
]

/** Says what a text is that is not JSON, and reads as much of it as is JSON. */
function beginning(text: string, note: Note): unknown {
  const bare = text.replaceAll(
    /"(?:[^"\\]|\\[^])*"/g,
    ({ length }) => `"${' '.repeat(length - 2)}"`,
  )
  const place = (pattern: RegExp): Range | undefined => {
    const match = pattern.exec(bare)
    return match?.[0] ? [match.index, match.index + match[0].length] : undefined
  }
  const number = place(/\b(?:NaN|undefined)\b|-?\bInfinity\b/)
  const [style, pattern] = STYLES.find(([, each]) => each.test(bare)) ?? ['not JSON', /^/]
  if (number) note('json-number', text.slice(...number), number)
  if (!number || style !== 'not JSON') note('json-invalid', style, place(pattern))
  if (style === FORM) return fromForm(text)
  const ends = [...text.matchAll(/[},]/g)].map(({ index }) => `${text.slice(0, index)}}`)
  return ends.map(parse).findLast((each) => each !== undefined)
}

/** Says what core forbids in valid JSON. */
function noteForbidden(text: string, note: Note): void {
  const scopes: Set<string>[] = []
  let [depth, members] = [0, 0]
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\[^])*"(\s*:)?|[{}[\]]/g)) {
    const at: Range = [index, index + token.length]
    if ('{['.includes(token)) depth = Math.max(depth, scopes.push(new Set()))
    else if ('}]'.includes(token)) scopes.pop()
    else {
      const name = String(parse(token.replace(/\s*:$/, '')))
      if (/\p{Cs}/u.test(name)) note('json-surrogate', '', at)
      if (!token.endsWith(':')) continue
      members++
      if (name === '__proto__') note('json-forbidden', 'has a member called "__proto__"', at)
      if (scopes.at(-1)?.has(name))
        note('json-forbidden', `has the member "${name}" more than once`, at)
      scopes.at(-1)?.add(name)
    }
  }
  if (depth > LIMITS.depth) note('json-forbidden', `is nested deeper than ${LIMITS.depth} levels`)
  if (members > LIMITS.members) note('json-forbidden', `has more than ${LIMITS.members} members`)
}
