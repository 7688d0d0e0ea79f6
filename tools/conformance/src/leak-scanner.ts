/** Bytes that must not be disclosed. */
export interface Sensitive {
  readonly label: string
  readonly bytes: Uint8Array
}

/** Finds sensitive bytes in texts. Remembers texts and spellings, so that many searches are fast. */
export interface LeakScanner {
  /** The labels of what the text contains, whole or in part, in any spelling. */
  leaksIn(text: string, sensitive: readonly Sensitive[]): readonly string[]
}

/**
 * Short enough to find a part of a secret, long enough not to match by chance: any 23 bytes in a row
 * of something sensitive contain a whole block.
 */
const BLOCK = 12
/** Fewer bytes prove nothing: the `a` of `?token=a` is in every text. No spelling is shorter. */
export const SHORTEST = 8

export function createLeakScanner(): LeakScanner {
  const haystackOf = remembered(new Map<string, Haystack>(), createHaystack)
  const spellingsOf = remembered(new WeakMap<Uint8Array, readonly string[]>(), spellings)
  return {
    leaksIn(text, sensitive) {
      const haystack = haystackOf(text)
      return sensitive
        .filter(({ bytes }) => spellingsOf(bytes).some((spelling) => haystack.holds(spelling)))
        .map(({ label }) => label)
    },
  }
}

function remembered<Key, Value>(
  known: { get(key: Key): Value | undefined; set(key: Key, value: Value): unknown },
  make: (key: Key) => Value,
): (key: Key) => Value {
  return (key) => {
    const value = known.get(key) ?? make(key)
    known.set(key, value)
    return value
  }
}

interface Haystack {
  holds(spelling: string): boolean
}

/** `util.inspect` adds line breaks and spaces, so the text is also searched without white space. */
function createHaystack(text: string): Haystack {
  const dense = text.replace(/\s+/g, '')
  const beginnings = new Set<string>()
  for (const each of [text, dense]) {
    for (let at = 0; at < each.length; at++) beginnings.add(each.slice(at, at + SHORTEST))
  }
  return {
    holds: (spelling) =>
      beginnings.has(spelling.slice(0, SHORTEST)) &&
      (text.includes(spelling) || dense.includes(spelling)),
  }
}

/** Each block of the bytes in each spelling; none for bytes that are too short. */
function spellings(bytes: Uint8Array): readonly string[] {
  return [...new Set(blocksOf(bytes).flatMap(spell))]
}

function blocksOf(bytes: Uint8Array): readonly Buffer[] {
  if (bytes.length < SHORTEST) return []
  const count = Math.max(1, Math.floor(bytes.length / BLOCK))
  return Array.from({ length: count }, (_, index) =>
    Buffer.from(bytes.subarray(index * BLOCK, (index + 1) * BLOCK)),
  )
}

/** Raw, hex, base64, base64url, percent-encoded, and as JSON and `util.inspect` write bytes. */
function spell(block: Buffer): readonly string[] {
  const hex = block.toString('hex')
  const percent = hex.replace(/../g, '%$&')
  const raw = [block.toString('latin1')]
  const text = block.toString('utf8')
  if (Buffer.from(text, 'utf8').equals(block)) raw.push(text)
  return [
    ...raw.flatMap((each) => [each, JSON.stringify(each).slice(1, -1), encodeURIComponent(each)]),
    ...[0, 1, 2].flatMap((offset) => base64At(block, offset)),
    hex,
    hex.toUpperCase(),
    percent,
    percent.toUpperCase(),
    block.join(','),
  ]
}

/** As the middle of longer base64, `offset` bytes behind a multiple of three; both alphabets. */
function base64At(block: Buffer, offset: number): readonly string[] {
  const before = Buffer.concat([Buffer.alloc(offset), block])
  const clean = before.subarray(0, before.length - (before.length % 3))
  const text = clean.toString('base64').slice(offset === 0 ? 0 : 4)
  return [text, text.replaceAll('+', '-').replaceAll('/', '_')]
}
