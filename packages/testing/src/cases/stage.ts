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

/** Sends the requests of a case, and ends the case at the first answer that is wrong. */
export interface Stage {
  /** The `Host` of requests that name none. */
  readonly host: string
  /** @param due the expected answer, which is not checked. @default to be let in */
  send(ask: Ask, what: string, due?: Expectation): Promise<CaseResponse>
  /**
   * Must be let in.
   * @param otherwise the fault where it is refused and the same request is let in by itself
   */
  pass(ask: Ask, what: string, otherwise?: Fault): Promise<CaseResponse>
  /** Must be refused in this way. */
  refuse(ask: Ask, what: string, due: Expectation): Promise<CaseResponse>
  /** Must be the expected answer. @param otherwise as for `pass`, or where a plain one is refused */
  expect(response: CaseResponse, otherwise?: Fault): CaseResponse
  /** Ends the case with a fault that status and code do not show. */
  fault(response: CaseResponse, fault: Fault): never
  /** A stage whose requests share one connection, where the target allows it. */
  inLine(): Stage
  /** The same on the other targets. */
  elsewhere(): Promise<readonly Stage[]>
  close(): Promise<void>
}

/** Ends a case. */
export class Verdict extends Error {
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

export async function openStage(target: Target, setting: Setting): Promise<Stage> {
  const opened = await openTarget(target, setting.deadline)
  const stages: Stage[] = []
  return {
    ...stageOn(opened, (request) => opened.send(request), setting),
    async elsewhere() {
      const others = setting.also.map((other) => openStage(other, setting))
      stages.push(...(await Promise.all(others)))
      return stages
    },
    async close() {
      for (const stage of stages) await stage.close()
      await opened.close()
    },
  }
}

function stageOn(opened: OpenTarget, sendRaw: OpenTarget['send'], setting: Setting): Stage {
  async function send(ask: Ask, what: string, due = LET_IN): Promise<CaseResponse> {
    const dressed = dress(ask, setting)
    const path = ask.path ?? setting.route
    const { method, query, headers } = dressed
    const circumstances = { method, sent: `${sentText(path, dressed)}: ${what}`, due }
    try {
      const target = query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`
      const body = ask.pieces ?? dressed.body
      return answered(await sendRaw({ method, target, headers, body }), circumstances)
    } catch (error) {
      return unanswered(error, circumstances)
    }
  }

  function expect(response: CaseResponse, otherwise?: Fault): CaseResponse {
    if (setting.isDue(response)) return response
    throw new Verdict(response, undefined, otherwise)
  }

  return {
    host: opened.host,
    send,
    expect,
    pass: async (ask, what, otherwise) => expect(await send(ask, what), otherwise),
    refuse: async (ask, what, due) => expect(await send(ask, what, due)),
    fault(response, fault) {
      throw new Verdict(response, fault)
    },
    inLine: () => stageOn(opened, (request) => opened.sendInLine(request), setting),
    elsewhere: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  }
}

const BODILESS = ['GET', 'HEAD', 'OPTIONS', 'TRACE']

/** Adds what every request of this app needs, unless the case sends it already. */
function dress(ask: Ask, { headers, body }: Setting): Ask {
  const names = new Set(ask.headers.map(([name]) => name.toLowerCase()))
  // the cookies of a case are sent beside those of the session
  const missing = headers.filter(
    ([name]) => /^cookie$/i.test(name) || !names.has(name.toLowerCase()),
  )
  const all = [...ask.headers, ...missing]
  const hasOwn = ask.body !== undefined || ask.pieces !== undefined || BODILESS.includes(ask.method)
  if (hasOwn || body === undefined) return { ...ask, headers: all }
  const hasType = all.some(([name]) => /^content-type$/i.test(name))
  const type: WireHeader[] = hasType ? [] : [['content-type', 'application/json']]
  return { ...ask, headers: [...all, ...type], body }
}
