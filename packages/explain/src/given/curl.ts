import { Piece } from './piece'
import type { Entry, Parts } from './sent'

const DATA = /^(?:-d|--data(?:-raw|-binary|-ascii|-urlencode)?)$/
/** Options with a value that has nothing to do with the request. */
const WITH_VALUE = /^(?:-o|--output|-u|--user|-A|--user-agent|-m|--max-time|-b)$/

/**
 * Reads a `curl` command as browsers copy it and as people write it, with the quotes of a POSIX
 * shell.
 */
export function fromCurl(command: Piece): Parts | undefined {
  if (!/^curl\s/.test(command.text)) return undefined
  const nothing = command.slice(command.length)
  const words = shellWords(command).slice(1)
  const headers: Entry[] = []
  let [method, inQuery]: [string | undefined, boolean] = [undefined, false]
  let [url, data]: (Piece | undefined)[] = []
  for (let index = 0; index < words.length; index++) {
    const [option, attached] = optionOf(words[index] as Piece) // within bounds
    const value = (): Piece => attached ?? words[++index] ?? nothing
    if (option === '-X' || option === '--request') method = value().text
    else if (option === '-H' || option === '--header') headers.push(headerOf(value()))
    else if (DATA.test(option)) data = joined(data, '&', dataOf(value(), option))
    else if (option === '-G' || option === '--get') inQuery = true
    else if (option === '-I' || option === '--head') method = 'HEAD'
    else if (option === '--url') url = value()
    else if (WITH_VALUE.test(option)) value()
    else if (option === '') url ??= words[index]
  }
  if (!data || !inQuery) return { method, url: url ?? nothing, headers, body: data }
  return { method, url: joined(url, url?.text.includes('?') ? '&' : '?', data), headers }
}

/** `-XPOST` and `--request=POST` have their value attached. An empty name is no option. */
function optionOf(word: Piece): readonly [option: string, value: Piece | undefined] {
  const { text } = word
  if (/^-[XHduo].+/.test(text)) return [text.slice(0, 2), word.slice(2)]
  const equals = /^--[\w-]+(?==)/.exec(text)?.[0]
  if (equals !== undefined) return [equals, word.slice(equals.length + 1)]
  return [text.startsWith('-') ? text : '', undefined]
}

function joined(start: Piece | undefined, separator: string, end: Piece): Piece {
  return start ? start.concat(Piece.absent(separator, end.range), end) : end
}

/** `--data-urlencode` encodes what follows the name. */
function dataOf(value: Piece, option: string): Piece {
  if (!option.endsWith('encode')) return value
  const name = value.slice(0, value.text.indexOf('=') + 1)
  return name.concat(value.slice(name.length).rewrite(/[^]+/g, encodeURIComponent))
}

export function headerOf(pair: Piece): Entry {
  const [name, value = pair.slice(pair.length)] = pair.cut(':')
  return { name: name.trim().text.toLowerCase(), value: value.trim(), pair }
}

/** Words of a shell: single quotes, double quotes, `$'…'`, backslashes and continued lines. */
function shellWords(command: Piece): readonly Piece[] {
  const word = /(?:\$'(?:[^'\\]|\\[^])*'|'[^']*'|"(?:[^"\\]|\\[^])*"|\\[^]|[^\s'"\\])+/g
  return [...command.text.matchAll(word)]
    .map((match) => command.slice(match.index, match.index + match[0].length))
    .map(unquoted)
    .filter(({ text }) => text !== '')
}

const QUOTED = /\$'(?:[^'\\]|\\[^])*'|'[^']*'|"(?:[^"\\]|\\[^])*"|\\[^]|[^'"\\$]+|\$/g

function unquoted(word: Piece): Piece {
  const pieces = [...word.text.matchAll(QUOTED)].map((match) => {
    return contentOf(word.slice(match.index, match.index + match[0].length))
  })
  return word.slice(0, 0).concat(...pieces)
}

function contentOf(quoted: Piece): Piece {
  const { text } = quoted
  if (text.startsWith("$'")) return quoted.slice(2, -1).rewrite(/\\(?:u[0-9A-Fa-f]{4}|[^])/g, ansi)
  if (text.startsWith("'")) return quoted.slice(1, -1)
  if (text.startsWith('\\')) return quoted.slice(text === '\\\n' ? 2 : 1)
  if (!text.startsWith('"')) return quoted
  return quoted.slice(1, -1).rewrite(/\\[$`"\\\n]/g, ([, each = '']) => (each === '\n' ? '' : each))
}

const ANSI: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' }

function ansi(escape: string): string {
  if (escape.startsWith('\\u')) return String.fromCharCode(Number.parseInt(escape.slice(2), 16))
  return ANSI[escape[1] as string] ?? (escape[1] as string) // a backslash and one character
}
