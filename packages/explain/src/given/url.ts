import { percentDecoded, type Piece } from './piece'
import type { Parameter, Sent } from './sent'

/** The parts of a URL, or of a path with its query. */
export function urlParts(url: Piece): Pick<Sent, 'target' | 'parameters' | 'fragment'> {
  const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(url.text)?.[0] ?? ''
  const local = url.slice(origin.length)
  const hash = local.text.indexOf('#')
  const sent = hash === -1 ? local : local.slice(0, hash)
  const question = sent.text.indexOf('?')
  return {
    target: sent.text.startsWith('/') ? sent.text : `/${sent.text}`,
    parameters: question === -1 ? [] : pairs(sent.slice(question + 1)),
    fragment: hash === -1 ? null : local.slice(hash + 1),
  }
}

/** The pairs of a query or of a form. */
export function pairs(query: Piece): readonly Parameter[] {
  return query
    .split('&')
    .filter(({ length }) => length > 0)
    .map((pair) => {
      const equals = pair.text.indexOf('=')
      const name = percentDecoded(equals === -1 ? pair : pair.slice(0, equals)).text
      const value = percentDecoded(pair.slice(equals === -1 ? pair.length : equals + 1))
      return { name, value, pair }
    })
}

/** A field of a form, in which a `+` is a space. */
export function formValue({ pair }: Parameter): Piece {
  const equals = pair.text.indexOf('=')
  const raw = pair.slice(equals === -1 ? pair.length : equals + 1)
  return percentDecoded(raw.rewrite(/\+/g, () => ' '))
}
