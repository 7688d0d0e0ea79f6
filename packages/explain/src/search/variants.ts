import type { CauseId, Facts } from '../causes'

/** Something that may have been used, and the mistake of using it: `null` for none. */
export type Row = readonly [
  mistake: CauseId | null,
  value: string | Uint8Array,
  sent?: string | undefined,
  name?: string,
]

/** What may have been used. */
export interface Guess {
  readonly mistake: CauseId | null
  /** What the sentence says of it. */
  readonly facts: Facts
}

export interface Variant extends Guess {
  readonly bytes: Buffer
}

/** Each value once: the first row that has it. */
export function variantsOf(rows: readonly Row[]): readonly Variant[] {
  const known = new Map<string, Variant>()
  for (const [mistake, value, sent = '', name = ''] of rows) {
    const bytes = Buffer.from(value as string) // or bytes
    const text = bytes.toString('latin1')
    if (!known.has(text)) known.set(text, { mistake, bytes, facts: { sent, name } })
  }
  return [...known.values()]
}
