import type { OpenTarget, RawRequest } from '../http/exchange'
import { LET_IN, type Expectation, type WireHeader, type WireRequest } from '../minting/request'
import type { Controls, Facts, Fault } from './finding'
import { bodyBytes, headerList, type HeadersGiven } from './options'
import { isOverwritten, responseOf, type CaseResponse } from './response'

/** A request of a case. */
export interface Ask extends Omit<WireRequest, 'body'>, Pick<RawRequest, 'body'> {
  /** A path other than the route's. */
  readonly path?: string
}

/** What all cases of a list have in common. */
export interface Suite {
  /** The path that the cases are about; it may have a query. */
  readonly route: string
  /** A stack whose first line is the user's. */
  readonly where: string
  /** Sent with every request. */
  readonly headers?: HeadersGiven | undefined
  /** Sent with every request whose method has a body and that has none of its own. */
  readonly body?: unknown
  /** For each answer, in milliseconds. @default 4000 */
  readonly deadline?: number | undefined
  readonly codes: boolean
  /** Whether a case fails where the app is only more lenient than the portal's rules. */
  readonly strict: boolean
  /** The answer that is due where no user is known. */
  readonly anonymous: Expectation
  /** Whether a request was let in. */
  accepts(response: CaseResponse): boolean
  /** Whether a wrong answer gives what only signed users may get. */
  isWayIn(response: CaseResponse): boolean
  /** Whether an answer to a visitor is a refusal, too. */
  readonly acceptRefusal?: ((response: CaseResponse) => boolean) | undefined
  /** A request without a credential, or of a signed-out visitor. */
  visit(stage: Stage): Promise<CaseResponse>
  /** The same, and what else an answer is compared with. */
  compare(stage: Stage): Promise<Controls>
  /** Why a request is not let in, and why another is not refused. */
  whyRefused(facts: Facts): string | undefined
  whyNotRefused(facts: Facts): string | undefined
}

/** A route without its query. */
export function pathOf(route: string): string {
  return route.split('?', 1)[0] ?? ''
}

/** Whether an answer is the expected one. */
export function isDue(response: CaseResponse, suite: Suite): boolean {
  const { due, status, code, method, failure } = response
  if (failure !== null) return false
  if (due.code === null) return suite.accepts(response)
  if (isOverwritten(response)) return false
  if (due.code === suite.anonymous.code && suite.acceptRefusal?.(response)) return true
  if (!suite.codes && due.status < 500 && [400, 401, 403].includes(status)) return true
  if (!suite.codes) return status === due.status
  return status === due.status && (method === 'HEAD' || code === due.code)
}

/** Ends a case with an answer that is wrong. */
export class Outcome extends Error {
  constructor(
    readonly response: CaseResponse,
    /** What is wrong beyond status and code. */
    readonly fault?: Fault,
    /** What is wrong if a plain request is answered as it should be. */
    readonly otherwise?: Fault,
  ) {
    super('The case has ended')
  }
}

/** Sends the requests of a case on one connection, and ends the case at the first wrong answer. */
export class Stage {
  constructor(
    readonly target: OpenTarget,
    readonly suite: Suite,
  ) {}

  /** @param due the expected answer, which is not checked. @default to be let in */
  async send(ask: Ask, what: string, due = LET_IN): Promise<CaseResponse> {
    const { method, query, headers, body, path = this.suite.route } = dress(ask, this.suite)
    const target = query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`
    const answer = await this.target
      .send({ method, target, headers, body })
      .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
    const sent = `${sentText({ method, query, headers, body, path })}: ${what}`
    return responseOf(answer, { method, sent, due })
  }

  /** Must be let in. @param otherwise the fault where it is not, and the same request is by itself */
  async pass(ask: Ask, what: string, otherwise?: Fault): Promise<CaseResponse> {
    return this.expect(await this.send(ask, what), otherwise)
  }

  /** Must be refused in this way. */
  async refuse(ask: Ask, what: string, due: Expectation): Promise<CaseResponse> {
    return this.expect(await this.send(ask, what, due))
  }

  /** Must be the expected answer. @param otherwise as for `pass`, or where a plain one is refused */
  expect(response: CaseResponse, otherwise?: Fault): CaseResponse {
    if (isDue(response, this.suite)) return response
    throw new Outcome(response, undefined, otherwise)
  }

  /** Ends the case with a fault that status and code do not show, if there is one. */
  look(response: CaseResponse, fault: Fault | false | undefined): void {
    if (fault) throw new Outcome(response, fault)
  }
}

const BODILESS = ['GET', 'HEAD', 'OPTIONS', 'TRACE']

/** Adds what every request of this app needs, unless the case sends it already. */
function dress(ask: Ask, suite: Suite): Ask {
  const names = ask.headers.map(([name]) => name.toLowerCase())
  // the cookies of a case are sent beside those of the session
  const isMissing = (name: string): boolean => name === 'cookie' || !names.includes(name)
  const more = headerList(suite.headers).filter(([name]) => isMissing(name.toLowerCase()))
  const headers = [...ask.headers, ...more]
  const body = bodyBytes(suite.body)
  const hasOwn = ask.body !== undefined || BODILESS.includes(ask.method)
  if (hasOwn || body === undefined) return { ...ask, headers }
  const hasType = headers.some(([name]) => /^content-type$/i.test(name))
  const type: WireHeader[] = hasType ? [] : [['content-type', 'application/json']]
  return { ...ask, headers: [...headers, ...type], body }
}

/** The request, without the values that make a credential. */
function sentText({ method, query, headers, body, path }: Ask): string {
  const names = headers.map(([name]) => name.toLowerCase()).filter((name) => name !== 'host')
  return [
    `${method} ${path}${query === '' ? '' : `?${parameterNames(query)}`}`,
    ...(names.length > 0 ? [`with ${names.join(', ')}`] : []),
    ...(body ? [`and a body of ${Buffer.concat([body].flat()).length} bytes`] : []),
  ].join(' ')
}

function parameterNames(query: string): string {
  const pairs = query.split('&').map((pair) => /^([^=]{0,32})[^=]*(=?)(.?)/s.exec(pair) ?? [])
  return pairs.map(([, name, equals, value]) => `${name}${equals}${value ? '…' : ''}`).join('&')
}
