import { STATUS_CODES } from 'node:http'
import type { Expectation, WireRequest } from '../minted'
import type { CaseResponse } from './response'

/** What is asked, without the values that make a credential. */
export function sentText(path: string, { method, query, headers, body }: WireRequest): string {
  const names = headers.map(([name]) => name.toLowerCase())
  const told = names.filter((name) => !UNTOLD.includes(name))
  return [
    `${method} ${path}${query === '' ? '' : `?${parameterNames(query)}`}`,
    ...(told.length > 0 ? [`with ${told.join(', ')}`] : []),
    ...(body ? [`and a body of ${body.length} bytes`] : []),
  ].join(' ')
}

const UNTOLD = ['host', 'content-length']

function parameterNames(query: string): string {
  const pairs = query.split('&').map((pair) => /^([^=]{0,32})[^=]*(=?)(.?)/s.exec(pair) ?? [])
  return pairs.map(([, name, equals, value]) => `${name}${equals}${value ? '…' : ''}`).join('&')
}

/** Longest part of an answer that is shown, in characters. */
const EXCERPT = 120

/** What came back, without what looks like a credential. */
export function receivedText(response: CaseResponse): string {
  const { status, code, failure, headers, text } = response
  if (failure !== null) return `no answer (${redacted(failure)})`
  const type = headers['content-type']
  const location = headers['location']
  return [
    `${status} ${STATUS_CODES[status] ?? ''}`.trim(),
    code === null ? 'no code' : `code "${redacted(code)}"`,
    ...(location === undefined ? [] : [`to ${redacted(location.split('?')[0] ?? '')}`]),
    ...(type === undefined ? [] : [type.split(';')[0]]),
    ...(code === null && text !== '' ? [excerpt(text)] : []),
  ].join(', ')
}

/** What should have come. */
export function dueText({ status, code }: Expectation): string {
  return code === null ? 'a request that gets through' : `${status} "${code}"`
}

function excerpt(text: string): string {
  const line = redacted(
    text
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  ) // no markup
  return line.length > EXCERPT ? `"${line.slice(0, EXCERPT)}…"` : `"${line}"`
}

/** Long runs of letters and digits are credentials, keys or signatures until proven otherwise. */
export function redacted(text: string): string {
  return text.replace(/[\w+/=%~-]{16,}/g, (run) => (/\d/.test(run) ? '…' : run))
}
