/** What `parseObject` must find, worked out another way: RFC 8259 read letter by letter. */
export function readStrictly(bytes: Uint8Array): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
  const reader = new Reader(text)
  try {
    reader.blank()
    const value = text[reader.at] === '{' ? reader.value(0) : reader.fail()
    reader.blank()
    return reader.at === text.length ? value : undefined
  } catch (error) {
    if (error === REFUSED) return undefined
    throw error
  }
}

const REFUSED = new Error('refused')
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

class Reader {
  at = 0
  members = 0

  constructor(private readonly text: string) {}

  fail(): never {
    throw REFUSED
  }

  blank(): void {
    while (this.at < this.text.length && ' \t\n\r'.includes(this.text[this.at] as string)) this.at++
  }

  value(depth: number): unknown {
    const next = this.text[this.at]
    if (next === '{') return this.object(depth + 1)
    if (next === '[') return this.list(depth + 1)
    if (next === '"') return this.string()
    return this.atom()
  }

  object(depth: number): unknown {
    const members = new Map<string, unknown>()
    this.sequence(depth, '}', () => {
      const name = this.text[this.at] === '"' ? this.string() : this.fail()
      if (name === '__proto__' || members.has(name) || ++this.members > 64) this.fail()
      this.blank()
      if (this.text[this.at++] !== ':') this.fail()
      this.blank()
      members.set(name, this.value(depth))
    })
    return Object.fromEntries(members)
  }

  list(depth: number): unknown {
    const items: unknown[] = []
    this.sequence(depth, ']', () => items.push(this.value(depth)))
    return items
  }

  sequence(depth: number, end: string, item: () => void): void {
    if (depth > 8) this.fail()
    this.at++
    this.blank()
    if (this.text[this.at] === end) return void this.at++
    for (;;) {
      item()
      this.blank()
      const next = this.text[this.at++]
      if (next === end) return
      if (next !== ',') this.fail()
      this.blank()
    }
  }

  string(): string {
    let content = ''
    for (this.at++; ; this.at++) {
      const character = this.text[this.at] ?? this.fail()
      if (character < ' ') this.fail()
      if (character === '"') break
      content += character === '\\' ? this.escape() : character
    }
    this.at++
    return isWellFormed(content) ? content : this.fail()
  }

  escape(): string {
    const letter = this.text[++this.at] ?? this.fail()
    if (letter !== 'u') return ESCAPES[letter] ?? this.fail()
    const digits = this.text.slice(this.at + 1, this.at + 5)
    if (!/^[0-9a-f]{4}$/i.test(digits)) this.fail()
    this.at += 4
    return String.fromCharCode(parseInt(digits, 16))
  }

  atom(): unknown {
    const rest = this.text.slice(this.at)
    const word = /^(?:true|false|null)/.exec(rest)?.[0]
    const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[-+]?\d+)?/i.exec(rest)?.[0]
    this.at += (word ?? number ?? this.fail()).length
    if (word === undefined) return Number(number)
    return word === 'null' ? null : word === 'true'
  }
}

/** Half of a surrogate pair cannot be written in UTF-8 and comes back as another character. */
function isWellFormed(text: string): boolean {
  return Buffer.from(text, 'utf8').toString('utf8') === text
}
