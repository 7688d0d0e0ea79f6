import type { ResponseData } from '../request'

const PRIVATE = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}
const NOTHING_ELSE = "default-src 'none'; form-action 'self'; base-uri 'none'"

/**
 * Sends the visitor on to a page without the credential.
 * @param target a path of the application's own
 */
export function leave(
  session: 'lax' | 'strict' | 'frame',
  target: string,
  cookies: readonly string[] = [],
): ResponseData {
  const headers = { ...PRIVATE, ...(cookies.length > 0 && { 'set-cookie': [...cookies] }) }
  if (session !== 'strict')
    return { status: 303, headers: { ...headers, location: target }, body: '' }
  const url = escaped(target)
  const refresh = `<meta http-equiv="refresh" content="0; url=${url}">`
  return page(headers, 'Signed in', `${refresh}`, `<p><a href="${url}">Continue</a></p>`)
}

/** @param target the URL of the request, to which the form posts the credential again */
export function confirmation(
  target: string,
  own: ((action: string) => string) | undefined,
): ResponseData {
  const action = escaped(target)
  if (own) {
    const headers = { ...PRIVATE, 'content-type': 'text/html; charset=utf-8' }
    return { status: 200, headers, body: own(action) }
  }
  const form = `<form method="post" action="${action}"><p><button autofocus>Continue</button></p></form>`
  return page(PRIVATE, 'Continue', '', `<h1>Continue</h1><p>This link can be used once.</p>${form}`)
}

function page(
  headers: ResponseData['headers'],
  title: string,
  head: string,
  body: string,
): ResponseData {
  const start = '<!doctype html><html lang="en"><meta charset="utf-8">'
  const look =
    '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
  return {
    status: 200,
    headers: {
      ...headers,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': NOTHING_ELSE,
    },
    body: `${start}${look}<title>${title}</title>${head}${body}`,
  }
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
