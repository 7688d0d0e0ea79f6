import type { Expectation } from '../minted'
import type { RawAnswer } from '../wire/raw-answer'

/** What came back, and what was due. */
export interface CaseResponse {
  /** 0 where no answer came. */
  readonly status: number
  /** The `code` of a problem document; `null` where there is none. */
  readonly code: string | null
  /** By lower-case name; what came more than once is joined with a comma. */
  readonly headers: Readonly<Record<string, string>>
  /** Every header in order, as it was sent. */
  readonly rawHeaders: readonly (readonly [name: string, value: string])[]
  readonly text: string
  /** The text as JSON where it is that, else an empty object. */
  readonly body: unknown
  /** Why no answer came; `null` where one came. */
  readonly failure: string | null
  readonly method: string
  /** What was asked, in words that hold no credential. */
  readonly sent: string
  /** What had to be answered to it. */
  readonly due: Expectation
  /** What is wrong with it beyond status and code. */
  readonly fault: Fault | null
  /** What the same app says to other requests: asked for only where something is wrong. */
  readonly controls: Controls
}

/** What is wrong with an answer, and what to do. */
export interface Fault {
  /** What came back, where more is to be said than the answer itself says. */
  readonly received?: string
  readonly means: string
  readonly fix: string
}

/** Answers to compare with, by what was asked. */
export type Controls = Readonly<Partial<Record<Control, CaseResponse>>>

/** Nobody; a right credential, or somebody who is signed in; a forged one; a path that is none. */
export type Control = 'stranger' | 'signed' | 'forged' | 'nowhere'

interface Circumstances {
  readonly method: string
  readonly sent: string
  readonly due: Expectation
}

export function answered(answer: RawAnswer, circumstances: Circumstances): CaseResponse {
  const { status, headers, rawHeaders, body: text } = answer
  const body = parsed(text)
  const response = { status, code: codeOf(body), headers, rawHeaders, text, body }
  return { ...response, ...circumstances, failure: null, fault: null, controls: {} }
}

export function unanswered(error: unknown, circumstances: Circumstances): CaseResponse {
  const failure = error instanceof Error ? error.message : String(error)
  const nothing = { status: 0, code: null, headers: {}, rawHeaders: [], text: '', body: {} }
  return { ...nothing, ...circumstances, failure, fault: null, controls: {} }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

function codeOf(body: unknown): string | null {
  const code = (body as { readonly code?: unknown } | null)?.code // any JSON may have come
  return typeof code === 'string' ? code : null
}

/** A member of a JSON answer; `undefined` where it has none. */
export function memberOf({ body }: CaseResponse, name: string): unknown {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return undefined
  return (body as Readonly<Record<string, unknown>>)[name] // it has one
}
