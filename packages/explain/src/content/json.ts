import { LIMITS } from '@countersign/core'
import type { CauseId, Facts } from '../causes'
import type { PayloadFormat } from '../format'
import { textOf } from '../given/piece'

/** What is wrong with a JSON text. */
interface JsonProblem {
  readonly id: CauseId
  readonly facts: Facts
  /** Where it is: offsets into the decoded text. */
  readonly at: readonly [start: number, end: number]
}

interface LooseJson {
  /** As text, however its bytes have to be read. */
  readonly text: string
  /** The object that was meant; `null` where there is none. */
  readonly value: Readonly<Record<string, unknown>> | null
  readonly problems: readonly JsonProblem[]
}

/** Reads the object that was meant, and says what is wrong with the JSON. */
export function readLoosely(
  bytes: Uint8Array,
  content: PayloadFormat['content'] = 'json',
): LooseJson {
  const buffer = Buffer.from(bytes)
  const isUtf16 = buffer.length > 3 && (buffer[1] === 0 || buffer.readUInt16BE() === 0xfffe)
  const text = isUtf16 ? buffer.toString('utf16le') : textOf(buffer)
  const bare = text.replace(/^(?:\uFEFF|ï»¿)/, '')
  const isUtf8 = isUtf16 || Buffer.from(text, 'utf8').equals(buffer)
  const { value, problems } =
    content === 'form' ? { value: fromForm(bare), problems: [] } : objectOf(bare)
  return {
    text: bare,
    value,
    problems: [
      ...(isUtf16 ? [problem('json-utf16', bare.length)] : []),
      ...(isUtf8 ? [] : [problem('json-not-utf8', bare.length)]),
      ...(bare === text || isUtf16 ? [] : [problem('json-byte-order-mark', 1)]),
      ...problems,
    ],
  }
}

function problem(id: CauseId, length: number, facts: Facts = {}): JsonProblem {
  return { id, facts, at: [0, length] }
}

type Read = Pick<LooseJson, 'value' | 'problems'>

function objectOf(text: string): Read {
  if (text === '') return { value: null, problems: [problem('body-empty', 0)] }
  if (/^\[object \w+\]$|^Array$/.test(text)) {
    return { value: null, problems: [problem('json-object-text', text.length, { sent: text })] }
  }
  if (/^[\w.[\]%-]+=[^{}]*$/.test(text)) {
    return { value: fromForm(text), problems: [problem('json-form', text.length)] }
  }
  const strict = parse(text)
  const { value, problems } =
    strict === undefined ? repaired(text) : { value: strict, problems: [] }
  if (value === undefined) return { value: null, problems: [problem('json-invalid', text.length)] }
  if (isObject(value)) {
    const members = Object.entries(value).filter(([name]) => name !== '__proto__')
    const all = [...problems, ...forbidden(text, value)]
    return { value: Object.fromEntries(members), problems: all }
  }
  if (typeof value === 'string' && /^\s*\{/.test(value)) {
    const inner = parse(value)
    return { value: isObject(inner) ? inner : null, problems: [problem('json-twice', text.length)] }
  }
  const only = Array.isArray(value) && value.length === 1 && isObject(value[0]) ? value[0] : null
  const facts = { sent: kindOf(value) }
  return { value: only, problems: [problem('json-not-object', text.length, facts)] }
}

/** @returns `undefined` for what is no JSON */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
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
    pairs.map(([name, value]) => [name, /^\d{10,13}$/.test(value) ? Number(value) : value]),
  )
}

/** Strings, comments, and everything between them. */
const TOKENS =
  /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'|\/\*[^]*?\*\/|\/\/[^\n]*|(?:[^"'/]|\/(?![/*]))+|["'/]/g

/** What people take for JSON: between strings, in the order in which it is replaced. */
const REPAIRS: readonly (readonly [
  id: CauseId,
  pattern: RegExp,
  write: (word: string) => string,
])[] = [
  [
    'json-python',
    /\b(?:None|True|False)\b/g,
    (word) => (word === 'None' ? 'null' : word.toLowerCase()),
  ],
  ['json-ruby', /\bnil\b/g, () => 'null'],
  ['json-number', /\b(?:NaN|undefined)\b/g, () => 'null'],
  ['json-number', /-?\bInfinity\b/g, () => '1e999'],
  ['json-ruby', /:\w+\s*=>/g, (name) => `"${name.slice(1, -2).trim()}":`],
  ['json-ruby', /=>/g, () => ':'],
  ['json-ruby', /(?<=[{,]\s*)\w+(?=\s*:)/g, (name) => `"${name}"`],
]

/** Rewrites text until it is JSON. */
function repaired(text: string): {
  readonly value: unknown
  readonly problems: readonly JsonProblem[]
} {
  const problems: JsonProblem[] = []
  const note = (id: CauseId, start: number, length: number, sent = ''): void => {
    if (problems.some((each) => each.id === id)) return
    problems.push({ id, facts: { sent }, at: [start, start + length] })
  }
  const tokens = [...text.matchAll(TOKENS)].map(([token], index, all) => {
    const start = all.slice(0, index).reduce((sum, [each]) => sum + each.length, 0)
    if (token.startsWith('"')) return token
    if (/^\/[/*]/.test(token)) {
      note('json-comment', start, token.length)
      return ''
    }
    if (/^'[^]+'$/.test(token)) {
      note('json-single-quotes', start, token.length)
      return JSON.stringify(token.slice(1, -1).replaceAll(/\\([^])/g, '$1'))
    }
    return REPAIRS.reduce((rest, [id, pattern, write]) => {
      const match = rest.match(pattern)?.[0]
      if (match !== undefined)
        note(id, start + Math.max(0, token.indexOf(match)), match.length, match)
      return rest.replaceAll(pattern, write)
    }, token)
  })
  const value = completed(tokens.join(''), note)
  return { value, problems: asOneStyle(problems, text) }
}

/** Without what is behind the value, a comma at the end of it, or the member that was cut off. */
function completed(
  text: string,
  note: (id: CauseId, start: number, length: number) => void,
): unknown {
  const comma = /,(?=\s*[}\]])/.exec(text)
  if (comma) note('json-comma', comma.index, 1)
  const bare = text.replaceAll(/,(?=\s*[}\]])/g, '')
  const whole = parse(bare)
  if (whole !== undefined) return whole
  const end = bare.lastIndexOf('}')
  for (let at = end; at > 0; at = bare.lastIndexOf('}', at - 1)) {
    const value = parse(bare.slice(0, at + 1))
    if (value === undefined) continue
    note('json-trailing', at + 1, bare.length - at - 1)
    return value
  }
  for (let at = bare.lastIndexOf(','); at > 0; at = bare.lastIndexOf(',', at - 1)) {
    const value = parse(`${bare.slice(0, at)}}`)
    if (value !== undefined) return value
  }
  return undefined
}

/** The printed dictionary of one language is one mistake, whatever is in it. */
function asOneStyle(problems: readonly JsonProblem[], text: string): readonly JsonProblem[] {
  const isStyle = ({ id }: JsonProblem): boolean =>
    id === 'json-python' || id === 'json-ruby' || id === 'json-single-quotes'
  const quotes = problems.find(({ id }) => id === 'json-single-quotes')
  const isPrinted = quotes && /': /.test(text) && /, '/.test(text)
  const style =
    problems.find((each) => isStyle(each) && each !== quotes) ??
    (isPrinted ? problem('json-python', text.length) : quotes)
  return [...(style ? [style] : []), ...problems.filter((each) => !isStyle(each))]
}

/** What core forbids in valid JSON. */
function forbidden(text: string, value: object): readonly JsonProblem[] {
  const found: JsonProblem[] = []
  const scopes: Set<string>[] = []
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\[^])*"(\s*:)?|[{}]/g)) {
    const note = (id: CauseId, sent = ''): void =>
      void found.push({ id, facts: { sent }, at: [index, index + token.length] })
    if (token === '{') scopes.push(new Set())
    else if (token === '}') scopes.pop()
    else {
      const name = String(parse(token.replace(/\s*:$/, '')))
      if (/\p{Cs}/u.test(name)) note('json-surrogate')
      if (!token.endsWith(':')) continue
      if (name === '__proto__') note('json-prototype')
      if (scopes.at(-1)?.has(name)) note('json-repeated-member', name)
      scopes.at(-1)?.add(name)
    }
  }
  const { depth, members } = sizeOf(value)
  const [deepest, most] = [String(LIMITS.depth), String(LIMITS.members)]
  if (depth > LIMITS.depth) found.push(problem('json-too-deep', text.length, { limit: deepest }))
  if (members > LIMITS.members)
    found.push(problem('json-too-many-members', text.length, { limit: most }))
  return found.filter(({ id }, index) => found.findIndex((each) => each.id === id) === index)
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
