import type { Expectation, WireHeader, WireRequest } from '../minted'
import type { RawBody } from '../wire/raw-http'
import { openTarget, type Line, type OpenTarget, type Target } from '../wire/target'
import { answered, unanswered, type CaseResponse, type Fault } from './response'
import { sentText } from './wording'

/** A request of a case. */
export interface Ask extends WireRequest {
  /** Another path than the route’s. */
  readonly path?: string
  /** The body in pieces, sent chunked. */
  readonly pieces?: RawBody
}

export interface StageOptions {
  /** The path that the cases are about; it may have a query. */
  readonly route: string
  /** Sent along with every request. */
  readonly headers: readonly WireHeader[]
  /** Sent with every request that has no body of its own, if its method has one. */
  readonly body: Uint8Array | undefined
  /** Other targets that share what the app knows. */
  readonly also: readonly Target[]
  /** Milliseconds for each answer. */
  readonly deadline: number
  /** Whether answers carry the codes of the kit. */
  readonly codes: boolean
  /** Whether the answer is what is due to it. */
  isDue(response: CaseResponse): boolean
}

/** Sends what a case wants sent, and ends the case at the first answer that is wrong. */
export interface Stage {
  /**
   * @param what it is, in words
   * @param due what has to be answered to it; nothing is done about it. @default to get through
   */
  send(ask: Ask, what: string, due?: Expectation): Promise<CaseResponse>
  /** @throws Verdict unless it gets through */
  pass(ask: Ask, what: string): Promise<CaseResponse>
  /** @throws Verdict unless it is refused just so */
  refuse(ask: Ask, what: string, due: Expectation): Promise<CaseResponse>
  /** @throws Verdict unless the answer is what is due to it */
  expect(response: CaseResponse): CaseResponse
  /** Ends the case with a fault that status and code do not tell. */
  fault(response: CaseResponse, fault: Fault): never
  /** A stage on which all requests share one connection, where the target allows it. */
  onOneLine(): Stage
  /** The same on another target. */
  elsewhere(): Promise<readonly Stage[]>
  close(): Promise<void>
}

/** Thrown to end a play; nobody outside sees it. */
export class Verdict extends Error {
  readonly response: CaseResponse

  constructor(response: CaseResponse) {
    super('The case is decided')
    this.response = response
  }
}

export const GETS_THROUGH: Expectation = { status: 200, code: null }

export async function openStage(target: Target, options: StageOptions): Promise<Stage> {
  const open = await openTarget(target, options.deadline)
  const closers: (() => unknown)[] = [() => open.close()]
  return stageOn(open, { options, opened: open, closers })
}

interface Backstage {
  readonly options: StageOptions
  readonly opened: OpenTarget
  /** What has to be closed at the end. */
  readonly closers: (() => unknown)[]
}

type Sender = Pick<OpenTarget, 'send'>

function stageOn(line: Sender, backstage: Backstage): Stage {
  const { options, opened, closers } = backstage
  const exchange = exchanger(line, options)

  function expect(response: CaseResponse): CaseResponse {
    if (options.isDue(response)) return response
    throw new Verdict(response)
  }

  const demand: Exchange = async (...ask) => expect(await exchange(...ask))

  return {
    send: (ask, what, due = GETS_THROUGH) => exchange(ask, what, due),
    pass: (ask, what) => demand(ask, what, GETS_THROUGH),
    refuse: demand,
    expect,
    fault(response, fault) {
      throw new Verdict({ ...response, fault })
    },
    onOneLine: () => stageOn(oneLine(opened, closers), backstage),
    async elsewhere() {
      const stages = await Promise.all(options.also.map((target) => openStage(target, options)))
      closers.push(...stages.map((stage) => () => stage.close()))
      return stages
    },
    async close() {
      for (const close of closers.toReversed()) await close()
    },
  }
}

/** Opened by the first request. */
function oneLine(opened: OpenTarget, closers: Backstage['closers']): Sender {
  let line: Promise<Line> | undefined
  return {
    send(request) {
      if (!line) {
        const opening = opened.connect()
        closers.push(() => opening.then((open) => open.close()).catch(() => undefined)) // as its request told
        line = opening
      }
      return line.then((open) => open.send(request))
    },
  }
}

type Exchange = (ask: Ask, what: string, due: Expectation) => Promise<CaseResponse>

/** What goes wrong on the way is an answer too. */
function exchanger(line: Sender, options: StageOptions): Exchange {
  return async (ask, what, due) => {
    const dressed = dress(ask, options)
    const path = ask.path ?? options.route
    const { method } = dressed
    const circumstances = { method, sent: `${sentText(path, dressed)}: ${what}`, due }
    try {
      const target = targetOf(path, dressed.query)
      const request = { ...dressed, target, body: ask.pieces ?? dressed.body }
      return answered(await line.send(request), circumstances)
    } catch (error) {
      return unanswered(error, circumstances)
    }
  }
}

function targetOf(path: string, query: string): string {
  if (query === '') return path
  return `${path}${path.includes('?') ? '&' : '?'}${query}`
}

const BODILESS = ['GET', 'HEAD', 'OPTIONS', 'TRACE']

/** What every request of this app needs, unless the case sends it already. */
function dress(ask: Ask, { headers, body }: StageOptions): Ask {
  const names = ask.headers.map(([name]) => name.toLowerCase())
  // a case’s cookies go beside those of the session
  const isMissing = (name: string): boolean => name === 'cookie' || !names.includes(name)
  const missing = headers.filter(([name]) => isMissing(name.toLowerCase()))
  const own = ask.body !== undefined || ask.pieces !== undefined || BODILESS.includes(ask.method)
  if (own || body === undefined) return { ...ask, headers: [...ask.headers, ...missing] }
  const all = [...names, ...missing.map(([name]) => name.toLowerCase())]
  const type: WireHeader[] = all.includes('content-type')
    ? []
    : [['content-type', 'application/json']]
  return { ...ask, headers: [...ask.headers, ...missing, ...type], body }
}
