import { STATUS_CODES } from 'node:http'
import type { Expectation, WireRequest } from '../minting/request'
import type { CaseResponse } from './response'

/** The request, without the values that make a credential. */
export function sentText(path: string, { method, query, headers, body }: WireRequest): string {
  const names = headers.map(([name]) => name.toLowerCase())
  const told = names.filter((name) => name !== 'host')
  return [
    `${method} ${path}${query === '' ? '' : `?${parameterNames(query)}`}`,
    ...(told.length > 0 ? [`with ${told.join(', ')}`] : []),
    ...(body ? [`and a body of ${body.length} bytes`] : []),
  ].join(' ')
}

function parameterNames(query: string): string {
  const pairs = query.split('&').map((pair) => /^([^=]{0,32})[^=]*(=?)(.?)/s.exec(pair) ?? [])
  return pairs.map(([, name, equals, value]) => `${name}${equals}${value ? '…' : ''}`).join('&')
}

/** Longest part of an answer that is shown, in characters. */
const EXCERPT = 120

/** The answer, without anything that looks like a credential. */
export function receivedText(response: CaseResponse): string {
  const { status, code, failure, headers, text } = response
  if (failure !== null) return `no answer (${redacted(failure)})`
  const { location, 'content-type': type } = headers
  return [
    `${status} ${STATUS_CODES[status] ?? ''}`.trim(),
    code === null ? 'no code' : `code "${redacted(code)}"`,
    ...(location === undefined ? [] : [`to ${redacted(location.split('?')[0] ?? '')}`]),
    ...(type === undefined ? [] : [type.split(';')[0]]),
    ...(code === null && text !== '' ? [excerpt(text)] : []),
  ].join(', ')
}

export function dueText({ status, code }: Expectation): string {
  return code === null ? 'a request that is let in' : `${status} "${code}"`
}

function excerpt(text: string): string {
  const withoutMarkup = text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
  const line = redacted(withoutMarkup.trim())
  return line.length > EXCERPT ? `"${line.slice(0, EXCERPT)}…"` : `"${line}"`
}

/** A long run of letters and digits may be a credential, a key or a signature. */
export function redacted(text: string): string {
  return text.replace(/[\w+/=%~-]{16,}/g, (run) => (/\d/.test(run) ? '…' : run))
}
