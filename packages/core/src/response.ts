import { createHash } from 'node:crypto'
import type { ConfigError } from './config-error'
import { inAscii } from './local-path'
import { REJECTIONS, type Rejection } from './rejection'
import type { ResponseData } from './request'
import type { SignedForm } from './wire/page-carriers'

/** Headers of every response that depends on the user (RFC 9111 section 5.2.2.5). */
export const NOT_FOR_CACHES = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const

/** Headers of a response that contains a credential: no other page learns of it through `Referer`. */
export const PRIVATE: Readonly<Record<string, string>> = {
  ...NOT_FOR_CACHES,
  pragma: 'no-cache',
  'referrer-policy': 'no-referrer',
}

export function privateJson(value: unknown): ResponseData {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', ...PRIVATE },
    body: JSON.stringify(value),
  }
}

/**
 * A refusal as `application/problem+json` (RFC 9457): `type`, `title`, `status`, `code`, and nothing
 * from the request. Every mistake of the application is a bare `server_error`.
 */
export function problemResponse(error: Rejection | ConfigError): ResponseData {
  const { status, publicCode, title } =
    'reason' in error
      ? { status: 500, publicCode: 'server_error', title: 'Server error' }
      : REJECTIONS[error.code]
  const problem = { type: `urn:countersign:problem:${publicCode}`, title, status, code: publicCode }
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...NOT_FOR_CACHES, ...error.headers },
    body: JSON.stringify(problem),
  }
}

const START =
  '<!doctype html><html lang="en"><meta charset="utf-8">' +
  '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'

const SUBMIT = 'document.forms[0].submit()'
const SUBMIT_HASH = createHash('sha256').update(SUBMIT).digest('base64')
/** Says nothing about forms: Chrome would stop the portal's redirect to the board's own domain, too. */
const MAY_SUBMIT = `default-src 'none'; script-src 'sha256-${SUBMIT_HASH}'; base-uri 'none'; frame-ancestors 'none'`
const MAY_POST_HERE = "default-src 'none'; form-action 'self'"

/** A page that posts a form to the portal by itself, or with its button where scripts are off. */
export function postPage({ url, fields }: Omit<SignedForm, 'expiresAt'>): ResponseData {
  const inputs = Object.entries(fields).map(
    ([name, value]) =>
      `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  )
  const form = formTo(escapeHtml(url), `${inputs.join('')}<button>Continue</button>`)
  const content = `<title>Signing in</title>${form}<script>${SUBMIT}</script>`
  return page(PRIVATE, content, MAY_SUBMIT)
}

/**
 * Sends the visitor on to a page without the credential.
 * @param target a path of the application's own
 */
export function leave(
  session: 'lax' | 'strict' | 'frame',
  target: string,
  cookies: readonly string[] = [],
): ResponseData {
  const headers = {
    ...NOT_FOR_CACHES,
    'referrer-policy': 'no-referrer',
    ...(cookies.length > 0 && { 'set-cookie': [...cookies] }),
  }
  if (session !== 'strict') {
    return { status: 303, headers: { ...headers, location: inAscii(target) }, body: '' }
  }
  const url = escapeHtml(target)
  const refresh = `<meta http-equiv="refresh" content="0; url=${url}">`
  const content = `<title>Signed in</title>${refresh}<p><a href="${url}">Continue</a></p>`
  return page(headers, content, MAY_POST_HERE)
}

/** @param target the URL of the request on this origin, to which the form posts the credential again */
export function confirmation(
  target: string,
  own: ((action: string) => string) | undefined,
): ResponseData {
  const action = escapeHtml(target)
  const headers = { ...NOT_FOR_CACHES, 'referrer-policy': 'strict-origin' } // else the form's `Origin` is null
  if (own) return { status: 200, headers: { ...headers, ...HTML }, body: own(action) }
  const form = formTo(action, '<p><button autofocus>Continue</button></p>')
  const heading = '<title>Continue</title><h1>Continue</h1><p>This link can be used once.</p>'
  return page(headers, heading + form, MAY_POST_HERE)
}

const HTML = { 'content-type': 'text/html; charset=utf-8' }

function page(headers: ResponseData['headers'], content: string, policy: string): ResponseData {
  return {
    status: 200,
    headers: { ...headers, ...HTML, 'content-security-policy': policy },
    body: START + content,
  }
}

function formTo(action: string, content: string): string {
  return `<form method="post" action="${action}">${content}</form>`
}

/** Text as HTML shows it, and as an attribute in quotes contains it. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
