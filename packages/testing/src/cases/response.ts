import { STATUS_CODES } from 'node:http'
import type { RawAnswer } from '../http/exchange'
import type { Expectation, WireHeader } from '../minting/request'

/** What was received, and what should have been. */
export interface CaseResponse {
  /** 0 where no answer was received. */
  readonly status: number
  /** The `code` of a problem document; `null` where there is none. */
  readonly code: string | null
  /** By lower-case name; the values of a repeated header are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>
  /** Every header in order, as it was received. */
  readonly rawHeaders: readonly WireHeader[]
  readonly text: string
  /** The text as JSON, or an empty object where it is not JSON. */
  readonly body: unknown
  /** Why no answer was received; `null` where one was. */
  readonly failure: string | null
  readonly method: string
  /** The request in words, without its credential. */
  readonly sent: string
  /** The answer that it should have got. */
  readonly due: Expectation
}

/** @param answer or why there is none */
export function responseOf(
  answer: RawAnswer | Error,
  circumstances: Pick<CaseResponse, 'method' | 'sent' | 'due'>,
): CaseResponse {
  const failure = answer instanceof Error ? answer.message : null
  const { status, rawHeaders, text } =
    answer instanceof Error ? { status: 0, rawHeaders: [], text: '' } : answer
  const body = parsed(text)
  const code = memberOf({ body }, 'code')
  return {
    ...circumstances,
    status,
    code: typeof code === 'string' ? code : null,
    headers: byName(rawHeaders),
    rawHeaders,
    text,
    body,
    failure,
  }
}

function byName(rawHeaders: readonly WireHeader[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = Object.create(null) // a header may have any name
  for (const [sent, value] of rawHeaders) {
    const name = sent.toLowerCase()
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value
  }
  return headers
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/** A member of a JSON answer; `undefined` where it has none. */
export function memberOf({ body }: Pick<CaseResponse, 'body'>, name: string): unknown {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return undefined
  return (body as Readonly<Record<string, unknown>>)[name] // it has one
}

/** Everything that the answer tells: its body and the values of its headers. */
export function allText({ text, rawHeaders }: CaseResponse): string {
  return [text, ...rawHeaders.map(([, value]) => value)].join('\n')
}

/** Whether its type says that it is a problem document. */
export function isProblem({ headers }: CaseResponse): boolean {
  return /^application\/problem\+json\b/.test(headers['content-type'] ?? '')
}

/** What a handler has put into a problem document: its `type` of content stays, its members are gone. */
export function isOverwritten(response: CaseResponse): boolean {
  const names = ['type', 'title', 'status', 'detail', 'code']
  return (
    isProblem(response) &&
    response.text !== '' &&
    names.every((name) => memberOf(response, name) === undefined)
  )
}

export function succeeded({ status }: CaseResponse): boolean {
  return status >= 200 && status < 300
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

function excerpt(text: string): string {
  const line = redacted(text.replace(/<[^>]*>|\s+/g, ' ').trim())
  return line.length > EXCERPT ? `"${line.slice(0, EXCERPT)}…"` : `"${line}"`
}

/** A long run of letters and digits may be a credential, a key or a signature. */
function redacted(text: string): string {
  return text.replace(/[\w+/=%~-]{16,}/g, (run) => (/\d/.test(run) ? '…' : run))
}
