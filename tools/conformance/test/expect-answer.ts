import { isRejection, REJECTIONS } from '@countersign/core'
import type { Answer, RawAnswer } from '../src'

/** Headers that belong to the server or the framework. */
const NOT_OURS = [
  'date',
  'connection',
  'keep-alive',
  'content-length',
  'x-powered-by',
  'etag',
  'transfer-encoding',
]

/** The headers of a response that the library may have set. */
export function ownHeaders({ headers }: RawAnswer): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_OURS.includes(name)))
}

/**
 * A refusal is the problem that the table of rejections describes: no other header, no other member,
 * and nothing from the request. The handler was not called.
 */
export function expectRefusal({ error, handled, response }: Answer, method = 'GET'): void {
  if (handled || !isRejection(error)) throw new Error('Not a rejection of the request')
  if (response) expectProblem(response, error.code, method)
}

/**
 * The exact response to a rejection, on the wire.
 * @param more headers that a sign endpoint sets on every response
 */
export function expectProblem(
  response: RawAnswer,
  code: keyof typeof REJECTIONS,
  method = 'GET',
  more: Readonly<Record<string, string>> = {},
): void {
  const { status, publicCode, title, challenge } = REJECTIONS[code]
  const type = `urn:countersign:problem:${publicCode}`
  const body = JSON.stringify({ type, title, status, code: publicCode })
  // RFC 9110 section 15.5.2 requires a challenge on each 401, RFC 6750 section 3.1 no error without credentials
  const authenticate = challenge
    ? `Bearer error="${challenge}", error_description="${title}"`
    : 'Bearer'
  expect({ status: response.status, body: response.body, ...ownHeaders(response) }).toEqual({
    status,
    body: method === 'HEAD' ? '' : body,
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...((challenge ?? status === 401) && { 'www-authenticate': authenticate }),
    ...((status === 503 || status === 409) && { 'retry-after': '1' }),
    ...more,
  })
}
