import type { OpenTarget } from '../http/exchange'
import { openTarget, type Target } from '../http/target'
import { LET_IN, type Expectation, type WireHeader, type WireRequest } from '../minting/request'
import type { Fault } from './finding'
import { answered, unanswered, type CaseResponse } from './response'
import { sentText } from './wording'

/** A request of a case. */
export interface Ask extends WireRequest {
  /** A path other than the route's. */
  readonly path?: string
  /** The body in pieces, sent chunked. */
  readonly pieces?: readonly Uint8Array[]
}

/** What all requests of a suite have in common. */
export interface Setting {
  /** The path that the cases are about; it may have a query. */
  readonly route: string
  /** Sent with every request. */
  readonly headers: readonly WireHeader[]
  /** Sent with every request whose method has a body and that has none of its own. */
  readonly body: Uint8Array | undefined
  /** Other targets of the same deployment. */
  readonly also: readonly Target[]
  /** For each answer, in milliseconds. */
  readonly deadline: number
  /** Whether the answer is the expected one. */
  isDue(response: CaseResponse): boolean
}

/** Ends a case. */
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

/** All requests of a stage share a connection: an app may remember the user of one. */
export async function openStage(target: Target, setting: Setting): Promise<Stage> {
  return new Stage(await openTarget(target, setting.deadline), setting)
}

/** Sends the requests of a case, and ends the case at the first answer that is wrong. */
export class Stage {
  readonly #opened: OpenTarget
  readonly #setting: Setting
  readonly #others: Stage[] = []

  constructor(opened: OpenTarget, setting: Setting) {
    this.#opened = opened
    this.#setting = setting
  }

  /** The `Host` of requests that name none. */
  get host(): string {
    return this.#opened.host
  }

  /** @param due the expected answer, which is not checked. @default to be let in */
  async send(ask: Ask, what: string, due = LET_IN): Promise<CaseResponse> {
    const { method, query, headers, body, pieces = body } = dress(ask, this.#setting)
    const { path = this.#setting.route } = ask
    const sent = `${sentText(path, { method, query, headers, body })}: ${what}`
    try {
      const target = query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`
      const answer = await this.#opened.send({ method, target, headers, body: pieces })
      return answered(answer, { method, sent, due })
    } catch (error) {
      return unanswered(error, { method, sent, due })
    }
  }

  /**
   * Must be let in.
   * @param otherwise the fault where it is refused and the same request is let in by itself
   */
  async pass(ask: Ask, what: string, otherwise?: Fault): Promise<CaseResponse> {
    return this.expect(await this.send(ask, what), otherwise)
  }

  /** Must be refused in this way. */
  async refuse(ask: Ask, what: string, due: Expectation): Promise<CaseResponse> {
    return this.expect(await this.send(ask, what, due))
  }

  /** Must be the expected answer. @param otherwise as for `pass`, or where a plain one is refused */
  expect(response: CaseResponse, otherwise?: Fault): CaseResponse {
    if (this.#setting.isDue(response)) return response
    throw new Outcome(response, undefined, otherwise)
  }

  /** Ends the case with a fault that status and code do not show, if there is one. */
  look(response: CaseResponse, fault: Fault | null): CaseResponse {
    return fault ? this.fault(response, fault) : response
  }

  /** Ends the case. */
  fault(response: CaseResponse, fault: Fault): never {
    throw new Outcome(response, fault)
  }

  /** The same on the other targets. */
  async elsewhere(): Promise<readonly Stage[]> {
    const others = this.#setting.also.map((other) => openStage(other, this.#setting))
    this.#others.push(...(await Promise.all(others)))
    return this.#others
  }

  async close(): Promise<void> {
    for (const other of this.#others) await other.close()
    await this.#opened.close()
  }
}

const BODILESS = ['GET', 'HEAD', 'OPTIONS', 'TRACE']

/** Adds what every request of this app needs, unless the case sends it already. */
function dress(ask: Ask, { headers, body }: Setting): Ask {
  const names = ask.headers.map(([name]) => name.toLowerCase())
  // the cookies of a case are sent beside those of the session
  const isMissing = (name: string): boolean => name === 'cookie' || !names.includes(name)
  const all = [...ask.headers, ...headers.filter(([name]) => isMissing(name.toLowerCase()))]
  const hasOwn = ask.body !== undefined || ask.pieces !== undefined || BODILESS.includes(ask.method)
  if (hasOwn || body === undefined) return { ...ask, headers: all }
  const hasType = all.some(([name]) => /^content-type$/i.test(name))
  const type: WireHeader[] = hasType ? [] : [['content-type', 'application/json']]
  return { ...ask, headers: [...all, ...type], body }
}
