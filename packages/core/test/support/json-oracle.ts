/**
 * What `parseObject` must return, worked out in another way: RFC 8259 read token by token.
 * @returns `undefined` for what must be refused
 */
export function readStrictly(bytes: Uint8Array): unknown {
  try {
    const tokens = tokensOf(decoded(bytes))
    return tokens[0] === '{' ? new Reader(tokens).whole() : undefined
  } catch (error) {
    if (error === REFUSED) return undefined
    throw error
  }
}

const REFUSED = new Error('refused')

function refuse(): never {
  throw REFUSED
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return refuse()
  }
}

// oxlint-disable-next-line no-control-regex -- JSON strings may not contain them
const STRING = /"(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/
const TOKEN = new RegExp(
  `[ \\t\\n\\r]*([{}[\\]:,]|${STRING.source}|${NUMBER.source}|true|false|null)[ \\t\\n\\r]*`,
  'y',
)

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = []
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < text.length;) {
    tokens.push(TOKEN.exec(text)?.[1] ?? refuse())
  }
  return tokens
}

class Reader {
  private at = 0
  private members = 0

  constructor(private readonly tokens: readonly string[]) {}

  whole(): unknown {
    const value = this.value(0)
    return this.at === this.tokens.length ? value : refuse()
  }

  private value(depth: number): unknown {
    const token = this.tokens[this.at++] ?? refuse()
    if (token === '{') return this.object(depth + 1)
    if (token === '[') return this.list(depth + 1)
    if (token.startsWith('"')) return text(token)
    return /^[-0-9a-z]/.test(token) ? JSON.parse(token) : refuse()
  }

  private object(depth: number): unknown {
    const members = new Map<string, unknown>()
    this.items(depth, '}', () => {
      const token = this.tokens[this.at++] ?? refuse()
      const name = token.startsWith('"') ? text(token) : refuse()
      if (name === '__proto__' || members.has(name) || ++this.members > 64) refuse()
      if (this.tokens[this.at++] !== ':') refuse()
      members.set(name, this.value(depth))
    })
    return Object.fromEntries(members)
  }

  private list(depth: number): unknown {
    const items: unknown[] = []
    this.items(depth, ']', () => items.push(this.value(depth)))
    return items
  }

  private items(depth: number, end: string, item: () => void): void {
    if (depth > 8) refuse()
    if (this.tokens[this.at] === end) return void this.at++
    for (;;) {
      item()
      const next = this.tokens[this.at++]
      if (next === end) return
      if (next !== ',') refuse()
    }
  }
}

/** Half of a surrogate pair cannot be written in UTF-8 and comes back as another character. */
function text(token: string): string {
  const content = JSON.parse(token) as string // a JSON string
  return Buffer.from(content, 'utf8').toString('utf8') === content ? content : refuse()
}
