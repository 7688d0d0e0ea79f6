import { LIMITS } from '@countersign/core'
import type { CauseId, Facts } from '../causes'
import { parseLoosely } from './loose-parser'

/** What is wrong with a JSON text. */
export interface JsonProblem {
  readonly id: CauseId
  readonly facts: Facts
  /** Where it is: offsets into the decoded text. */
  readonly at: readonly [start: number, end: number]
}

export interface LooseJson {
  /** As text, however its bytes have to be read. */
  readonly text: string
  /** The object that was meant; `null` where there is none. */
  readonly value: Readonly<Record<string, unknown>> | null
  readonly problems: readonly JsonProblem[]
}

/** Reads the object that was meant, and says what is wrong with the JSON. */
export function readLoosely(bytes: Uint8Array): LooseJson {
  const decoded = textOf(Buffer.from(bytes))
  const json = objectOf(decoded.text)
  return {
    text: decoded.text,
    value: json.value,
    problems: [...decoded.problems, ...json.problems],
  }
}

function problem(id: CauseId, length: number, facts: Facts = {}): JsonProblem {
  return { id, facts, at: [0, length] }
}

function textOf(bytes: Buffer): {
  readonly text: string
  readonly problems: readonly JsonProblem[]
} {
  const isUtf16 = bytes.length > 3 && (bytes[1] === 0 || (bytes[0] === 0xff && bytes[1] === 0xfe))
  if (isUtf16) {
    const text = bytes.toString('utf16le').replace(/^\uFEFF/, '')
    return { text, problems: [problem('json-utf16', text.length)] }
  }
  const utf8 = bytes.toString('utf8')
  const isUtf8 = Buffer.from(utf8, 'utf8').equals(bytes)
  const text = isUtf8 ? utf8 : bytes.toString('latin1')
  const bare = text.replace(/^(?:\uFEFF|ï»¿)/, '')
  return {
    text: bare,
    problems: [
      ...(isUtf8 ? [] : [problem('json-not-utf8', text.length)]),
      ...(bare === text ? [] : [problem('json-byte-order-mark', 1)]),
    ],
  }
}

function objectOf(text: string): Pick<LooseJson, 'value' | 'problems'> {
  if (text === '') return { value: null, problems: [problem('body-empty', 0)] }
  if (/^\[object \w+\]$|^Array$/.test(text)) {
    return { value: null, problems: [problem('json-object-text', text.length, { sent: text })] }
  }
  if (/^[\w.[\]%-]+=[^{}]*$/.test(text)) {
    return { value: fromForm(text), problems: [problem('json-form', text.length)] }
  }
  const parsed = parseLoosely(text)
  if (!parsed) return { value: null, problems: [problem('json-invalid', text.length)] }
  const { value, problems } = parsed
  if (isObject(value)) return { value, problems: [...problems, ...tooMuch(value, text)] }
  if (typeof value === 'string' && /^\s*\{/.test(value)) {
    const inner = parseLoosely(value)?.value
    return { value: isObject(inner) ? inner : null, problems: [problem('json-twice', text.length)] }
  }
  const only = Array.isArray(value) && value.length === 1 && isObject(value[0]) ? value[0] : null
  return {
    value: only,
    problems: [problem('json-not-object', text.length, { sent: kindOf(value) })],
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a value is called in a sentence. */
export function kindOf(value: unknown): string {
  if (value === null) return '`null`'
  if (value === undefined) return 'missing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'string') return 'text'
  return typeof value === 'boolean' ? `\`${value}\`` : 'a number'
}

function fromForm(text: string): Readonly<Record<string, unknown>> {
  const pairs = [...new URLSearchParams(text)]
  return Object.fromEntries(
    pairs.map(([name, value]) => [name, /^\d{9,13}$/.test(value) ? Number(value) : value]),
  )
}

function tooMuch(value: object, { length }: string): readonly JsonProblem[] {
  const { depth, members } = sizeOf(value)
  return [
    ...(depth > LIMITS.depth
      ? [problem('json-too-deep', length, { limit: String(LIMITS.depth) })]
      : []),
    ...(members > LIMITS.members
      ? [problem('json-too-many-members', length, { limit: String(LIMITS.members) })]
      : []),
  ]
}

function sizeOf(value: unknown): { readonly depth: number; readonly members: number } {
  if (typeof value !== 'object' || value === null) return { depth: 0, members: 0 }
  const own = Array.isArray(value) ? 0 : Object.keys(value).length
  const inner = Object.values(value).map(sizeOf)
  return {
    depth: 1 + Math.max(0, ...inner.map(({ depth }) => depth)),
    members: own + inner.reduce((sum, { members }) => sum + members, 0),
  }
}
