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

/** The answers of the same app to plain requests, by what was sent. */
export interface Controls {
  /** A request without a credential, or of a signed-out visitor, before anything else was sent. */
  readonly first: CaseResponse
  /** The same now. */
  readonly anonymous: CaseResponse
  /** A valid credential, or a signed-in user. */
  readonly valid: CaseResponse
  /** A credential with a wrong signature. */
  readonly forged?: CaseResponse
}

type Circumstances = Pick<CaseResponse, 'method' | 'sent' | 'due'>

export function answered(answer: RawAnswer, circumstances: Circumstances): CaseResponse {
  const { status, rawHeaders, text } = answer
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
    failure: null,
  }
}

export function unanswered(error: unknown, circumstances: Circumstances): CaseResponse {
  const failure = error instanceof Error ? error.message : String(error)
  const nothing = { status: 0, rawHeaders: [], text: '' }
  return { ...answered(nothing, circumstances), failure }
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

export function succeeded(response: CaseResponse | undefined): boolean {
  return response !== undefined && response.status >= 200 && response.status < 300
}

export function isMissing(response: CaseResponse | undefined): boolean {
  return response?.status === 404 || response?.status === 405
}
