import type { Piece } from './piece'
import type { Entry } from './sent'

/**
 * The texts and numbers of a JSON object, and of the objects in it, by the names that lead to them:
 * `headers.x-timestamp`. None for any other text.
 */
export function jsonStrings(json: Piece): readonly Entry[] {
  const entriesOf = (object: object, path: string): readonly Entry[] =>
    Object.entries(object).flatMap(([name, value]: readonly [string, unknown]) => {
      if (typeof value === 'object' && value !== null) return entriesOf(value, `${path}${name}.`)
      const [start = 0, end = 0, from = 0] = memberAt(json.text, name) ?? []
      const quote = typeof value === 'string' ? 1 : 0
      const raw = json.slice(from + quote, end - quote)
      const decoded = raw.rewrite(/(?:\\u[0-9A-Fa-f]{4})+|\\./g, unescaped)
      return [{ name: path + name, value: decoded, pair: json.slice(start, end) }]
    })
  try {
    return entriesOf(Object(JSON.parse(json.text)), '')
  } catch {
    return []
  }
}

/** Where a member of a JSON object is in its text, with its value, and where its value begins. */
export function memberAt(
  json: string,
  name: string,
): readonly [start: number, end: number, value: number] | undefined {
  const quoted = JSON.stringify(name).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const match = new RegExp(`${quoted}\\s*:\\s*("(?:[^"\\\\]|\\\\.)*"|[^,}\\]]*)`).exec(json)
  if (!match) return undefined
  const end = match.index + match[0].length
  return [match.index, end, end - (match[1]?.length ?? 0)]
}

function unescaped(escape: string): string {
  return String(JSON.parse(`"${escape}"`))
}

/** The headers in the reply of a sign endpoint. */
export function replyHeaders(entries: readonly Entry[]): readonly Entry[] {
  return entries.flatMap(({ name, ...rest }) =>
    name.startsWith('headers.') ? [{ name: name.slice('headers.'.length), ...rest }] : [],
  )
}
