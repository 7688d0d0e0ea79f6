/** What percent-encoding stands for. Bytes that are not UTF-8 are read as Latin-1. */
export function percentDecoded(text: string): string {
  return text.replaceAll(/(?:%[0-9A-Fa-f]{2})+/g, (run) =>
    textOf(Buffer.from(run.replaceAll('%', ''), 'hex')),
  )
}

/** UTF-8; bytes that are not UTF-8 are read as Latin-1. */
export function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return Buffer.from(text, 'utf8').equals(bytes) ? text : bytes.toString('latin1')
}

/** What precedes the first separator, and what follows it; nothing follows where there is none. */
export function cut(text: string, separator: string): readonly [string, string?] {
  const at = text.indexOf(separator)
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)]
}
