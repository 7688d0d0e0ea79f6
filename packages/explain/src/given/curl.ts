import type { Piece } from './piece'
import type { Header } from './sent'

/** What a `curl` command asks for. */
export interface CurlCall {
  readonly method: string
  readonly url: Piece
  readonly headers: readonly Header[]
  readonly data: readonly CurlData[]
  /** True where `--get` moves the data into the query. */
  readonly inQuery: boolean
}

export interface CurlData {
  readonly piece: Piece
  /** True for `--data-urlencode`: `name=value`, of which curl encodes the value. */
  readonly isEncoded: boolean
}

const DATA = ['-d', '--data', '--data-raw', '--data-binary', '--data-ascii', '--data-urlencode']
/** Options with a value that has nothing to do with the request. */
const WITH_VALUE = [
  '-o',
  '--output',
  '-u',
  '--user',
  '-A',
  '--user-agent',
  '-m',
  '--max-time',
  '-b',
]

/** Reads a command as browsers copy it and as people write it, with the quotes of a POSIX shell. */
export function readCurl(command: Piece): CurlCall {
  const words = shellWords(command).slice(1)
  const headers: Header[] = []
  const data: CurlData[] = []
  let method: string | undefined
  let url: Piece | undefined
  let inQuery = false
  for (let index = 0; index < words.length; index++) {
    const [option, attached] = optionOf(words[index] as Piece) // within bounds
    const value = (): Piece => attached ?? words[++index] ?? command.slice(command.length)
    if (option === '-X' || option === '--request') method = value().text
    else if (option === '-H' || option === '--header') headers.push(headerOf(value()))
    else if (DATA.includes(option))
      data.push({ piece: value(), isEncoded: option.endsWith('urlencode') })
    else if (option === '-G' || option === '--get') inQuery = true
    else if (option === '-I' || option === '--head') method = 'HEAD'
    else if (option === '--url') url = value()
    else if (WITH_VALUE.includes(option)) value()
    else if (option === '') url ??= words[index]
  }
  return {
    method: method ?? (data.length > 0 && !inQuery ? 'POST' : 'GET'),
    url: url ?? command.slice(command.length),
    headers,
    data,
    inQuery,
  }
}

/** `-XPOST` and `--request=POST` have their value attached. An empty name is no option. */
function optionOf(word: Piece): readonly [option: string, value: Piece | undefined] {
  const { text } = word
  if (/^-[XHduo].+/.test(text)) return [text.slice(0, 2), word.slice(2)]
  const equals = /^--[\w-]+(?==)/.exec(text)?.[0]
  if (equals !== undefined) return [equals, word.slice(equals.length + 1)]
  return [text.startsWith('-') ? text : '', undefined]
}

export function headerOf(line: Piece): Header {
  const colon = line.text.indexOf(':')
  return colon === -1
    ? { name: line.trim(), value: line.slice(line.length) }
    : { name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() }
}

/** Words of a shell: single quotes, double quotes, `$'…'`, backslashes and continued lines. */
function shellWords(command: Piece): readonly Piece[] {
  const word = /(?:\$'(?:[^'\\]|\\[^])*'|'[^']*'|"(?:[^"\\]|\\[^])*"|\\[^]|[^\s'"\\])+/g
  return [...command.text.matchAll(word)]
    .map((match) => command.slice(match.index, match.index + match[0].length))
    .map(unquoted)
    .filter(({ text }) => text !== '')
}

const QUOTED = /\$'(?:[^'\\]|\\[^])*'|'[^']*'|"(?:[^"\\]|\\[^])*"|\\[^]/g

function unquoted(word: Piece): Piece {
  const pieces: Piece[] = []
  let end = 0
  for (const match of word.text.matchAll(QUOTED)) {
    pieces.push(word.slice(end, match.index))
    pieces.push(contentOf(word.slice(match.index, match.index + match[0].length)))
    end = match.index + match[0].length
  }
  pieces.push(word.slice(end))
  return pieces.reduce((all, piece) => all.concat(piece))
}

function contentOf(quoted: Piece): Piece {
  const { text } = quoted
  if (text.startsWith("$'")) return quoted.slice(2, -1).rewrite(/\\(?:u[0-9A-Fa-f]{4}|[^])/g, ansi)
  if (text.startsWith("'")) return quoted.slice(1, -1)
  if (text.startsWith('"')) {
    return quoted
      .slice(1, -1)
      .rewrite(/\\[$`"\\\n]/g, ([, each = '']) => (each === '\n' ? '' : each))
  }
  return text === '\\\n' ? quoted.slice(0, 0) : quoted.slice(1)
}

const ANSI: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' }

function ansi(escape: string): string {
  if (escape.startsWith('\\u')) return String.fromCharCode(Number.parseInt(escape.slice(2), 16))
  return ANSI[escape[1] as string] ?? (escape[1] as string) // a backslash and one character
}
