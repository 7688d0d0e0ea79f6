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

const DATA = /^(?:-d|--data(?:-raw|-binary|-ascii|-urlencode)?)$/
/** Options with a value that has nothing to do with the request. */
const WITH_VALUE = /^(?:-o|--output|-u|--user|-A|--user-agent|-m|--max-time|-b)$/

/** Reads a command as browsers copy it and as people write it, with the quotes of a POSIX shell. */
export function readCurl(command: Piece): CurlCall {
  const nothing = command.slice(command.length)
  const words = shellWords(command).slice(1)
  const headers: Header[] = []
  const data: CurlData[] = []
  let [method, inQuery]: [string | undefined, boolean] = [undefined, false]
  let url: Piece | undefined
  for (let index = 0; index < words.length; index++) {
    const [option, attached] = optionOf(words[index] as Piece) // within bounds
    const value = (): Piece => attached ?? words[++index] ?? nothing
    if (option === '-X' || option === '--request') method = value().text
    else if (option === '-H' || option === '--header') headers.push(headerOf(value()))
    else if (DATA.test(option)) data.push({ piece: value(), isEncoded: option.endsWith('encode') })
    else if (option === '-G' || option === '--get') inQuery = true
    else if (option === '-I' || option === '--head') method = 'HEAD'
    else if (option === '--url') url = value()
    else if (WITH_VALUE.test(option)) value()
    else if (option === '') url ??= words[index]
  }
  method ??= data.length > 0 && !inQuery ? 'POST' : 'GET'
  return { method, url: url ?? nothing, headers, data, inQuery }
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
  let end = 0
  const pieces = [...word.text.matchAll(QUOTED)].flatMap((match) => {
    const plain = word.slice(end, match.index)
    end = match.index + match[0].length
    return [plain, contentOf(word.slice(match.index, end))]
  })
  return [...pieces, word.slice(end)].reduce((all, piece) => all.concat(piece))
}

function contentOf(quoted: Piece): Piece {
  const { text } = quoted
  if (text.startsWith("$'")) return quoted.slice(2, -1).rewrite(/\\(?:u[0-9A-Fa-f]{4}|[^])/g, ansi)
  if (text.startsWith("'")) return quoted.slice(1, -1)
  if (!text.startsWith('"')) return text === '\\\n' ? quoted.slice(0, 0) : quoted.slice(1)
  return quoted.slice(1, -1).rewrite(/\\[$`"\\\n]/g, ([, each = '']) => (each === '\n' ? '' : each))
}

const ANSI: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' }

function ansi(escape: string): string {
  if (escape.startsWith('\\u')) return String.fromCharCode(Number.parseInt(escape.slice(2), 16))
  return ANSI[escape[1] as string] ?? (escape[1] as string) // a backslash and one character
}
