import type { ResponseData } from './request'

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

export const HTML = { 'content-type': 'text/html; charset=utf-8' } as const

export function privateJson(value: unknown): ResponseData {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', ...PRIVATE },
    body: JSON.stringify(value),
  }
}

/** Text as HTML shows it, and as an attribute in quotes contains it. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
