// Shows what the backend signed, letter by letter, and spoils it on request.

/** Changes one letter of what was signed, as somebody on the way might. */
export function tamper(signed) {
  const { inside } = anatomy(signed)
  if (signed.body) return { ...signed, body: changed(signed.body, inside), changedAt: inside }
  const token = changed(signed.token, inside)
  const url = signed.url
    .replace(encodeURIComponent(signed.token), encodeURIComponent(token))
    .replace(signed.token, token)
  return { ...signed, url, token, changedAt: inside }
}

/** What was signed: as it travels, and in plain words. */
export function receipt(signed, sent) {
  const { text, signature } = anatomy(sent)
  const travels = element('p', { className: 'travels', tabIndex: 0 })
  travels.append(...marked(text, sent.changedAt), element('b', { textContent: signature }))
  const claims = JSON.stringify(anatomy(signed).claims(), null, 2)
  return [
    travels,
    element('p', { className: 'small', textContent: remark(sent) }),
    element('pre', { tabIndex: 0, textContent: claims }),
  ]
}

function remark({ expiresAt, changedAt }) {
  const proof = 'The last part proves what comes before it.'
  if (changedAt !== undefined) return `${proof} The marked letter was changed on the way.`
  const style = { dateStyle: 'medium', timeStyle: 'short' }
  const until = new Date(expiresAt).toLocaleString(undefined, style)
  return `${proof} ${expiresAt > Date.now() ? 'Good' : 'It was good'} until ${until}.`
}

/** Takes apart what the sign endpoint answered: a token, or a body with headers. */
function anatomy({ token, headers, body }) {
  if (body) {
    const signature = ` ${headers['x-signature']}`
    return {
      inside: body.indexOf('":"') + 4,
      text: body,
      signature,
      claims: () => JSON.parse(body),
    }
  }
  const [payload, signature] = token.split('.').slice(-2)
  const text = token.slice(0, -signature.length)
  const inside = token.lastIndexOf(payload) + 12
  return { inside, text, signature, claims: () => JSON.parse(decode(payload)) }
}

/** Base64 in either alphabet, holding UTF-8. */
function decode(text) {
  const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return new TextDecoder().decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)))
}

function changed(text, at) {
  return text.slice(0, at) + (text[at] === 'x' ? 'y' : 'x') + text.slice(at + 1)
}

function marked(text, at) {
  if (at === undefined) return [text]
  return [text.slice(0, at), element('mark', { textContent: text[at] }), text.slice(at + 1)]
}

/** An element with text and properties: nothing here is ever read as HTML. */
export function element(name, properties) {
  return Object.assign(document.createElement(name), properties)
}
