import type { Portal } from './portal'

/** Parameters that contain a credential in a built-in scheme, or in OAuth. */
const BUILT_IN = (
  'token id_token sig data signature _signature access_token jwt sso ssotoken intercom_user_jwt ' +
  'user_hash userhash email_hash identifier_hash subscriberhash'
).split(' ')

/**
 * Makes a URL safe to log: replaces the value of each parameter that can contain a credential,
 * however its name is spelled (`%74oken`, `token[]`, `TOKEN`), also in a URL that is the value of a
 * parameter.
 * @param url absolute, or a path with its query
 * @param portals portals whose parameters are replaced, too: needed for schemes of your own
 */
export function redactUrl(url: string, portals: Portal | readonly Portal[] = []): string {
  const own = [portals].flat().flatMap(({ scheme }) => scheme.carrier.parameters)
  const names = [...BUILT_IN, ...own.map((name) => name.toLowerCase())]
  const isSecret = (name: string): boolean =>
    names.includes(decoded(name).toLowerCase().split('[', 1)[0] ?? '')
  const start = url.split(/[?&#;]/, 1)[0] ?? ''
  const pieces = url.slice(start.length).split(/(?=[?&#;])/)
  let isHiding = false
  const redacted = pieces.map((piece) => {
    const goesOn = isHiding && /^[?;]/.test(piece) // still part of the value
    const name = goesOn ? '' : (/^.([^=]*)=/.exec(piece)?.[1] ?? '')
    isHiding = goesOn || isSecret(name)
    if (goesOn) return ''
    return isHiding ? `${piece[0]}${name}=REDACTED` : withoutNested(piece, portals)
  })
  return start + redacted.join('')
}

/** @param piece a parameter, with the character before it */
function withoutNested(piece: string, portals: Portal | readonly Portal[]): string {
  const start = piece.indexOf('=') + 1
  return start === 0 ? piece : piece.slice(0, start) + nested(piece.slice(start), portals)
}

/**
 * @param value a URL, or any other text
 * @param times how often it may be encoded
 */
function nested(value: string, portals: Portal | readonly Portal[], times = 4): string {
  const text = decoded(value)
  const isUrl = /[?&#;]/.test(text)
  if (!isUrl && (text === value || times === 1)) return value
  const redacted = isUrl ? redactUrl(text, portals) : nested(text, portals, times - 1)
  if (redacted === text) return value
  return encodeURIComponent(redacted.replaceAll(/\p{Cs}/gu, '\uFFFD')) // half a surrogate pair cannot be encoded
}

/**
 * Removes parameters from a request target. Everything else stays as it was sent.
 * @param target path and query
 */
export function stripParameters(target: string, names: readonly string[]): string {
  const start = target.indexOf('?')
  if (start === -1) return target
  const kept = target
    .slice(start + 1)
    .split('&')
    .filter((pair) => !names.includes(decoded(pair.split('=', 1)[0] ?? '')))
  return kept.length === 0 ? target.slice(0, start) : `${target.slice(0, start)}?${kept.join('&')}`
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
