import type { Piece } from './piece'

/** A string of a JSON text, by the names that lead to it: `headers.x-timestamp`. */
export type JsonStrings = ReadonlyMap<string, Piece>

/** The strings (and numbers) of a JSON object, and of the objects in it. The text must be valid JSON. */
export function jsonStrings(json: Piece): JsonStrings {
  const found = new Map<string, Piece>()
  const path: string[] = []
  let name: string | undefined
  for (const match of json.text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}]|-?\d[\d.eE+-]*/g)) {
    const [token, colon] = match
    if (token === '{') {
      if (name !== undefined) path.push(name)
      name = undefined
    } else if (token === '}') {
      path.pop()
    } else if (colon) {
      name = String(JSON.parse(token.slice(0, -colon.length)))
    } else if (name !== undefined) {
      const quote = token.startsWith('"') ? 1 : 0
      const inside = json.slice(match.index + quote, match.index + token.length - quote)
      found.set([...path, name].join('.'), unescaped(inside))
      name = undefined
    }
  }
  return found
}

function unescaped(inside: Piece): Piece {
  return inside.rewrite(/(?:\\u[0-9A-Fa-f]{4})+|\\./g, (escape) =>
    String(JSON.parse(`"${escape}"`)),
  )
}
