import { REJECTIONS } from '@countersign/core'
import type { CaseResponse, Controls } from './response'

/** What is known about a wrong answer. */
export interface Facts {
  readonly response: CaseResponse
  readonly controls: Controls
  /** The path that the cases are about. */
  readonly path: string
}

/** Explains some wrong answers: see `Fault.tells`. */
export type Explanation = (facts: Facts) => string | undefined

/** The first explanation that fits. */
export function explain(facts: Facts, ...explanations: readonly Explanation[]): string {
  for (const each of [silence, ...explanations, intervention]) {
    const told = each(facts)
    if (told !== undefined) return told
  }
  return `something between the client and the handler answers ${facts.response.status} → check what runs before and after the guard or endpoint on this route`
}

export function byCode(
  code: string | null,
  table: Readonly<Record<string, string>>,
): string | undefined {
  return code !== null && Object.hasOwn(table, code) ? table[code] : undefined
}

export function noRoute({ response, path }: Facts): string {
  return `the app has no ${response.method} ${path} → name the route as a client calls it, with its prefix, and its \`method\``
}

export const NEVER_ANSWERS =
  'the app never answers: something waits for a body that was read before, or neither answers nor calls next() → read a body once, and let every middleware call next() or send an answer; for a slow app set a larger `deadline`'

/** Where no answer was received. */
function silence({ response: { failure } }: Facts): string | undefined {
  if (failure === null) return undefined
  if (/within \d+ ms/.test(failure)) return NEVER_ANSWERS
  return /ECONNREFUSED|ENOTFOUND|EAI_AGAIN/.test(failure)
    ? 'nothing listens at this address → start the app before its cases run, or pass the app itself'
    : 'the connection was closed without an answer: the app crashed, or something in front of it hung up → see the app’s log for the error'
}

const MISTAKES: Readonly<Record<string, string>> = {
  server_error:
    'the guard or the endpoint is configured wrongly, or its clock is not in milliseconds since 1970 → see the app’s log for a ConfigError, which names the option; `now` must return what Date.now() does',
  store_unavailable:
    'the replay store failed, or returned something other than true or false, or took too long → run replayStoreCases on it, and check that its database is reachable',
  secret_unavailable:
    'the function that looks the secret up failed or took too long → see the app’s log for its error',
}

/** What something other than the guard or the endpoint has answered. */
function intervention({ response: { status, code } }: Facts): string | undefined {
  const mistake = byCode(code, MISTAKES)
  if (mistake !== undefined) return mistake
  if (status === 429)
    return 'a rate limit refuses the requests of the cases → raise the limit where the tests run'
  if (status === 403 && code === null)
    return 'something before the guard or endpoint has answered: a CSRF protection, an access list or a firewall → mount the guard before it, send what it asks for through `headers`, or accept its answer with `acceptRefusal`'
  if (status >= 300 && status < 400)
    return 'the app answers with a redirect, which a script follows and takes for success → send the status itself; for pages whose visitors are redirected to a login, pass `acceptRefusal`'
  return undefined
}

const TELLTALES = Object.entries(REJECTIONS)
  .flatMap(([code, { title, publicCode }]) => [title, code, publicCode])
  .filter((text) => text.length > 8)

/** True for a text that contains the title or the code of a rejection. */
export function mentionsRejection({ text }: CaseResponse): boolean {
  return TELLTALES.some((telltale) => text.includes(telltale))
}

/** For a refusal that was turned into a success. */
export function swallowed({ due, status }: CaseResponse): string {
  return `your error handler turned the ${due.status} into a ${status}: a client takes it for success → answer errors with their status: res.status(err.status ?? 500).set(err.headers ?? {})`
}
