/** Offsets into the text that was given, in UTF-16 code units. The end is exclusive. */
export type Range = readonly [start: number, end: number]

/** Text that was taken from a longer text, and knows where each of its characters was there. */
export class Piece {
  readonly text: string
  /** Where each character begins, and last where the piece ends. */
  readonly #offsets: readonly number[]

  private constructor(text: string, offsets: readonly number[]) {
    this.text = text
    this.#offsets = offsets
  }

  /** The whole of a text. */
  static whole(text: string): Piece {
    return new Piece(
      text,
      Array.from({ length: text.length + 1 }, (_, index) => index),
    )
  }

  /** Text that is nowhere in what was given: its range is that of `near`. */
  static absent(text: string, near: Range = [0, 0]): Piece {
    return new Piece(text, [...Array.from({ length: text.length }, () => near[0]), near[1]])
  }

  get length(): number {
    return this.text.length
  }

  get range(): Range {
    return this.rangeOf(0, this.text.length)
  }

  /** Where a part of this piece is in what was given. */
  rangeOf(start: number, end: number): Range {
    return [this.#at(start), this.#at(end)]
  }

  slice(start: number, end: number = this.text.length): Piece {
    const from = Math.min(start < 0 ? this.text.length + start : start, this.text.length)
    const to = Math.max(from, end < 0 ? this.text.length + end : Math.min(end, this.text.length))
    return new Piece(this.text.slice(from, to), this.#offsets.slice(from, to + 1))
  }

  /** This piece and others behind it. */
  concat(...next: readonly Piece[]): Piece {
    const pieces = [this, ...next].filter(({ length }) => length > 0)
    const last = pieces.at(-1) ?? this
    const offsets = pieces.flatMap((each) => each.#offsets.slice(0, -1))
    return new Piece(pieces.map(({ text }) => text).join(''), [...offsets, last.#at(last.length)])
  }

  /** Cuts at every separator. */
  split(separator: string): readonly Piece[] {
    let start = 0
    return this.text.split(separator).map((part) => {
      const piece = this.slice(start, start + part.length)
      start += part.length + separator.length
      return piece
    })
  }

  /** What precedes the first separator, and what follows it; nothing follows where there is none. */
  cut(separator: string): readonly [Piece, Piece?] {
    const at = this.text.indexOf(separator)
    return at === -1 ? [this] : [this.slice(0, at), this.slice(at + separator.length)]
  }

  /** Without white space at its ends. */
  trim(): Piece {
    const start = this.text.length - this.text.trimStart().length
    return this.slice(start, Math.max(start, this.text.trimEnd().length))
  }

  /** Replaces every match. Each character of the replacement is where the match was. */
  rewrite(pattern: RegExp, write: (match: string) => string): Piece {
    let end = 0
    const pieces = [...this.text.matchAll(pattern)].flatMap((match) => {
      const kept = this.slice(end, match.index)
      end = match.index + match[0].length
      return [kept, Piece.absent(write(match[0]), this.rangeOf(match.index, end))]
    })
    const start = this.slice(0, 0)
    return start.concat(...pieces, this.slice(end))
  }

  /** What its percent-encoding stands for. */
  decoded(): Piece {
    return this.rewrite(ENCODED, percentDecoded)
  }

  /** The first match, as a part of what was given; the whole piece where nothing matches. */
  find(pattern: RegExp): Range {
    const match = pattern.exec(this.text)
    return match ? this.rangeOf(match.index, match.index + match[0].length) : this.range
  }

  #at(index: number): number {
    return this.#offsets[index] as number // one more than there are characters
  }
}

/** What percent-encoding stands for. Bytes that are not UTF-8 are read as Latin-1. */
export function percentDecoded(text: string): string {
  return text.replaceAll(ENCODED, (run) => textOf(Buffer.from(run.replaceAll('%', ''), 'hex')))
}

const ENCODED = /(?:%[0-9A-Fa-f]{2})+/g

/** UTF-8; bytes that are not UTF-8 are read as Latin-1. */
export function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return Buffer.from(text, 'utf8').equals(bytes) ? text : bytes.toString('latin1')
}
