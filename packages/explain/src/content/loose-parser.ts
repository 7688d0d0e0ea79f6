import type { CauseId, Facts } from '../causes'
import type { JsonProblem } from './loose-json'

/** A value, and everything in its text that is not JSON. */
export interface Parsed {
  readonly value: unknown
  readonly problems: readonly JsonProblem[]
}

/**
 * Parses JSON, and what people take for it: printed dictionaries of Python and hashes of Ruby,
 * single quotes, comments, a comma behind the last member.
 * @returns `undefined` where the text does not begin with a value
 */
export function parseLoosely(text: string): Parsed | undefined {
  const parser = new LooseParser(text)
  const value = parser.value()
  if (value === NOTHING) return undefined
  return { value, problems: parser.finish() }
}

const NOTHING = Symbol('nothing')

/** Words of other languages, and what they mean. */
const WORDS: Readonly<Record<string, readonly [value: unknown, id: CauseId | null]>> = {
  true: [true, null],
  false: [false, null],
  null: [null, null],
  None: [null, 'json-python'],
  True: [true, 'json-python'],
  False: [false, 'json-python'],
  nil: [null, 'json-ruby'],
  undefined: [null, 'json-number'],
  NaN: [null, 'json-number'],
  Infinity: [Infinity, 'json-number'],
}

class LooseParser {
  readonly #text: string
  readonly #problems: JsonProblem[] = []
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(): unknown {
    this.#skip()
    const character = this.#text[this.#at] ?? ''
    if (character === '{') return this.#object()
    if (character === '[') return this.#list()
    if (character === '"' || character === "'") return this.#string()
    return this.#word()
  }

  finish(): readonly JsonProblem[] {
    this.#skip()
    if (this.#at < this.#text.length) this.#note('json-trailing', this.#at, this.#text.length)
    const languages = this.#problems.filter(({ id }) => id === 'json-python' || id === 'json-ruby')
    const quotes = this.#problems.filter(({ id }) => id === 'json-single-quotes')
    const others = this.#problems.filter(
      (each) => !languages.includes(each) && !quotes.includes(each),
    )
    const isPrinted = quotes.length > 0 && /': /.test(this.#text) && /, '/.test(this.#text)
    if (isPrinted) languages.push({ id: 'json-python', facts: {}, at: [0, this.#text.length] })
    const [style] = [...languages, ...quotes] // a dictionary that was printed is one mistake
    return unique(style ? [style, ...others] : others)
  }

  #note(id: CauseId, start: number, end: number, facts: Facts = {}): void {
    this.#problems.push({ id, facts, at: [start, end] })
  }

  #object(): unknown {
    const members = new Map<string, unknown>()
    this.#at++
    for (;;) {
      this.#separator('}')
      if (this.#take('}')) return Object.fromEntries(members)
      const start = this.#at
      const name = this.#name()
      if (name === NOTHING || this.#at >= this.#text.length) return Object.fromEntries(members)
      const value = this.value()
      if (value === NOTHING) return Object.fromEntries(members)
      this.#member(String(name), start, members)
      if (name !== '__proto__') members.set(String(name), value)
    }
  }

  #member(name: string, start: number, members: ReadonlyMap<string, unknown>): void {
    if (name === '__proto__') this.#note('json-prototype', start, this.#at)
    if (members.has(name)) this.#note('json-repeated-member', start, this.#at, { sent: name })
  }

  /** A name and what follows it: `:`, or `=>` in Ruby. */
  #name(): unknown {
    const symbol = /:(\w+)\s*=>|(\w+):(?!\/)/y
    symbol.lastIndex = this.#at
    const match = symbol.exec(this.#text)
    if (match) {
      this.#note('json-ruby', this.#at, symbol.lastIndex)
      this.#at = symbol.lastIndex
      return match[1] ?? match[2]
    }
    const name = this.value()
    this.#skip()
    if (this.#text.startsWith('=>', this.#at)) {
      this.#note('json-ruby', this.#at, this.#at + 2)
      this.#at += 2
    } else if (!this.#take(':')) {
      return NOTHING
    }
    return name
  }

  #list(): unknown {
    const items: unknown[] = []
    this.#at++
    for (;;) {
      this.#separator(']')
      if (this.#take(']')) return items
      const value = this.value()
      if (value === NOTHING) return items
      items.push(value)
    }
  }

  #separator(end: string): void {
    this.#skip()
    const start = this.#at
    if (!this.#take(',')) return
    this.#skip()
    if (this.#text[this.#at] === end) this.#note('json-comma', start, start + 1)
  }

  #string(): unknown {
    const start = this.#at
    const quote = this.#text[start] as string // a quote
    const pattern = quote === '"' ? /"((?:[^"\\]|\\[^])*)"/y : /'((?:[^'\\]|\\[^])*)'/y
    pattern.lastIndex = start
    const match = pattern.exec(this.#text)
    this.#at = match ? pattern.lastIndex : this.#text.length
    if (!match) return NOTHING
    if (quote === "'") this.#note('json-single-quotes', start, this.#at)
    const content = unescaped(match[1] as string) // the pattern has one group
    if (/\p{Cs}/u.test(content)) this.#note('json-surrogate', start, this.#at)
    return content
  }

  #word(): unknown {
    const start = this.#at
    const match = /[\w.+-]+/y
    match.lastIndex = start
    const word = match.exec(this.#text)?.[0]
    if (word === undefined) return NOTHING
    this.#at = match.lastIndex
    if (/^-?\d/.test(word) && !Number.isNaN(Number(word))) return Number(word)
    const known = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined
    if (!known) {
      this.#at = start
      return NOTHING
    }
    if (known[1]) this.#note(known[1], start, this.#at, { sent: word })
    return known[0]
  }

  #take(character: string): boolean {
    this.#skip()
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  /** White space, and comments. */
  #skip(): void {
    const pattern = /\s+|\/\*[^]*?\*\/|\/\/[^\n]*/y
    for (;;) {
      pattern.lastIndex = this.#at
      const match = pattern.exec(this.#text)
      if (!match) return
      if (match[0].startsWith('/')) this.#note('json-comment', this.#at, pattern.lastIndex)
      this.#at = pattern.lastIndex
    }
  }
}

function unescaped(content: string): string {
  return content.replaceAll(/\\(?:u[0-9A-Fa-f]{4}|[^])/g, (escape) => {
    try {
      return String(JSON.parse(`"${escape}"`))
    } catch {
      return escape.slice(1)
    }
  })
}

/** The first of each kind. */
function unique(problems: readonly JsonProblem[]): readonly JsonProblem[] {
  return problems.filter(({ id }, index) => problems.findIndex((each) => each.id === id) === index)
}
