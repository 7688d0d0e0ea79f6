/** Parameters that hold a credential in one of the built-in schemes. */
const SECRET_PARAMETERS = ['token', 'sig', 'data', 'signature', '_signature', 'access_token']

/**
 * A URL that may be logged: the value of each parameter that can hold a credential is replaced,
 * however its name is spelt (`%74oken`, `token[]`, `TOKEN`).
 * @param url absolute, or a path with its query
 */
export function redactUrl(url: string): string {
  const [start = '', ...pieces] = url.split(/(?=[?&#;])/)
  let hiding = false
  const redacted = pieces.map((piece) => {
    const goesOn = hiding && /^[?;]/.test(piece)
    const name = goesOn ? '' : (/^.([^=]*)=/.exec(piece)?.[1] ?? '')
    hiding = goesOn || isSecret(name)
    if (goesOn) return ''
    return hiding ? `${piece[0]}${name}=REDACTED` : piece
  })
  return start + redacted.join('')
}

function isSecret(name: string): boolean {
  const plain = decoded(name).toLowerCase().split('[', 1)[0] ?? ''
  return SECRET_PARAMETERS.includes(plain)
}

/**
 * Takes parameters out of a request target. What else is there stays as it was sent.
 * @param target path and query
 */
export function stripParameters(target: string, names: readonly string[]): string {
  const start = target.indexOf('?')
  if (start === -1) return target
  const kept = target
    .slice(start + 1)
    .split('&')
    .filter((pair) => !names.includes(decoded(pair.split('=')[0] ?? '')))
  return kept.length === 0 ? target.slice(0, start) : `${target.slice(0, start)}?${kept.join('&')}`
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
