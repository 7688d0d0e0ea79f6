import type { Piece } from './piece'

/**
 * The strings (and numbers) of a JSON object, and of the objects in it, by the names that lead to
 * them: `headers.x-timestamp`. `undefined` for any other text.
 */
export function jsonStrings(json: Piece): ReadonlyMap<string, Piece> | undefined {
  if (!isObject(json.text)) return undefined
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

function isObject(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}
