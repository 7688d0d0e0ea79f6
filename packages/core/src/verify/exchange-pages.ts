import { inAscii } from '../local-path'
import type { ResponseData } from '../request'
import { escapeHtml, HTML, NOT_FOR_CACHES } from '../response'

const WITHOUT_REFERRER = { ...NOT_FOR_CACHES, 'referrer-policy': 'no-referrer' }
const START =
  '<!doctype html><html lang="en"><meta charset="utf-8">' +
  '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'

/**
 * Sends the visitor on to a page without the credential.
 * @param target a path of the application's own
 */
export function leave(
  session: 'lax' | 'strict' | 'frame',
  target: string,
  cookies: readonly string[] = [],
): ResponseData {
  const headers = { ...WITHOUT_REFERRER, ...(cookies.length > 0 && { 'set-cookie': [...cookies] }) }
  if (session !== 'strict') {
    return { status: 303, headers: { ...headers, location: inAscii(target) }, body: '' }
  }
  const url = escapeHtml(target)
  const refresh = `<meta http-equiv="refresh" content="0; url=${url}">`
  return page(headers, `<title>Signed in</title>${refresh}<p><a href="${url}">Continue</a></p>`)
}

/** @param target the URL of the request on this origin, to which the form posts the credential again */
export function confirmation(
  target: string,
  own: ((action: string) => string) | undefined,
): ResponseData {
  const action = escapeHtml(target)
  const headers = { ...NOT_FOR_CACHES, 'referrer-policy': 'strict-origin' } // else the form's `Origin` is null
  if (own) return { status: 200, headers: { ...headers, ...HTML }, body: own(action) }
  const button = '<p><button autofocus>Continue</button></p>'
  return page(
    headers,
    `<title>Continue</title><h1>Continue</h1><p>This link can be used once.</p>` +
      `<form method="post" action="${action}">${button}</form>`,
  )
}

function page(headers: ResponseData['headers'], content: string): ResponseData {
  const policy = { 'content-security-policy': "default-src 'none'; form-action 'self'" }
  return { status: 200, headers: { ...headers, ...HTML, ...policy }, body: START + content }
}
