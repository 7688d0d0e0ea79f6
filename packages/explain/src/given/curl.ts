import { headerOf, type Entry, type Parts } from './sent'

const DATA = /^(?:-d|--data(?:-raw|-binary|-ascii|-urlencode)?)$/
/** Options with a value that has nothing to do with the request. */
const WITH_VALUE = /^(?:-o|--output|-u|--user|-A|--user-agent|-m|--max-time|-b)$/

/**
 * Reads a `curl` command as browsers copy it and as people write it, with the quotes of a POSIX
 * shell.
 */
export function fromCurl(command: string): Parts | undefined {
  if (!/^curl\s/.test(command)) return undefined
  const isWindows = command.includes('^"') // with a caret in front of what `cmd` would read
  const words = shellWords(isWindows ? command.replaceAll(/\^([^])/g, '$1') : command).slice(1)
  const headers: Entry[] = []
  let [method, url, data]: (string | undefined)[] = []
  let inQuery = false
  for (let index = 0; index < words.length; index++) {
    const [option, attached] = optionOf(words[index] as string) // within bounds
    const value = (): string => attached ?? words[++index] ?? ''
    if (option === '-X' || option === '--request') method = value()
    else if (option === '-H' || option === '--header') headers.push(headerOf(value()))
    else if (DATA.test(option)) data = joined(data, '&', dataOf(value(), option))
    else if (option === '-G' || option === '--get') inQuery = true
    else if (option === '-I' || option === '--head') method = 'HEAD'
    else if (option === '--url') url = value()
    else if (WITH_VALUE.test(option)) value()
    else if (option === '') url ??= words[index]
  }
  if (!data || !inQuery) return { method, url: url ?? '', headers, body: data }
  return { method, url: joined(url, url?.includes('?') ? '&' : '?', data), headers }
}

/** `-XPOST` and `--request=POST` have their value attached. An empty name is no option. */
function optionOf(word: string): readonly [option: string, value: string | undefined] {
  if (/^-[XHduo].+/.test(word)) return [word.slice(0, 2), word.slice(2)]
  const equals = /^--[\w-]+(?==)/.exec(word)?.[0]
  if (equals !== undefined) return [equals, word.slice(equals.length + 1)]
  return [word.startsWith('-') ? word : '', undefined]
}

function joined(start: string | undefined, separator: string, end: string): string {
  return start ? start + separator + end : end
}

/** `--data-urlencode` encodes what follows the name. */
function dataOf(value: string, option: string): string {
  if (!option.endsWith('encode')) return value
  const length = value.indexOf('=') + 1
  return value.slice(0, length) + encodeURIComponent(value.slice(length))
}

/** Words of a shell: single quotes, double quotes, `$'…'`, backslashes and continued lines. */
function shellWords(command: string): readonly string[] {
  const word = /(?:\$'(?:[^'\\]|\\[^])*'|'[^']*'|"(?:[^"\\]|\\[^])*"|\\[^]|[^\s'"\\])+/g
  const quoted = /\$'(?:[^'\\]|\\[^])*'|'[^']*'|"(?:[^"\\]|\\[^])*"|\\[^]/g
  return [...command.matchAll(word)]
    .map(([each]) => each.replaceAll(quoted, contentOf))
    .filter((each) => each !== '')
}

function contentOf(quoted: string): string {
  if (quoted.startsWith("$'")) {
    return quoted.slice(2, -1).replaceAll(/\\(?:u[0-9A-Fa-f]{4}|[^])/g, ansi)
  }
  if (quoted.startsWith("'")) return quoted.slice(1, -1)
  if (quoted.startsWith('\\')) return quoted.slice(quoted === '\\\n' ? 2 : 1)
  return quoted
    .slice(1, -1)
    .replaceAll(/\\\n/g, '')
    .replaceAll(/\\([$`"\\])/g, '$1')
}

const ANSI: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' }

function ansi(escape: string): string {
  if (escape.startsWith('\\u')) return String.fromCharCode(Number.parseInt(escape.slice(2), 16))
  return ANSI[escape[1] as string] ?? (escape[1] as string) // a backslash and one character
}
