import type { Severity } from '../defects/defect'
import type { Target } from '../http/target'
import type { Expectation } from '../minting/request'
import { NEVER_ANSWERS } from './explain'
import { causeOf, findingError, type Fault, type Finding } from './finding'
import { quietly } from './quietly'
import { succeeded, unanswered, type CaseResponse, type Controls } from './response'
import { openStage, Outcome, type Setting, type Stage } from './stage'
import { dueText, receivedText } from './wording'

/** One thing that an app must do, as data for any test runner. */
export interface ConformanceCase {
  /** Stays the same from version to version. */
  readonly id: string
  /** Completes the sentence "it …". */
  readonly name: string
  readonly expectStatus: number
  /** `null` where the request must be let in, or where the app sends no codes. */
  readonly expectCode: string | null
  /** How long the case may take, in milliseconds: for runners that take a timeout. */
  readonly timeout: number
  /** Sends the requests of the case. @returns the answer that decides, and what is wrong with it */
  send(target: Target): Promise<CaseResult>
  /**
   * Sends, and rejects with what is wrong. Resolves to a finding that is only a warning, if there is
   * one: see `codes`.
   */
  run(target: Target): Promise<Finding | undefined>
}

/** What the app answered to a case, and what is wrong with it. */
export interface CaseResult {
  readonly response: CaseResponse
  /** `null` where nothing is wrong. */
  readonly finding: Finding | null
}

/** What a case does. */
export interface Plan {
  readonly id: string
  readonly name: string
  readonly expect: Expectation
  /** What it means that a request of this case is let in although it must be refused. */
  readonly severity?: Severity
  /** Ends with the answer that decides, or earlier with an `Outcome`. */
  play(stage: Stage): Promise<CaseResponse>
}

/** A list of cases with what they have in common. */
export interface Suite extends Setting {
  readonly codes: boolean
  /** Whether a case fails where the app is only more lenient than the portal's rules. */
  readonly strict: boolean
  /** A stack whose first line is the user's. */
  readonly where: string
  /** A request without a credential, or of a signed-out visitor. */
  anonymous(stage: Stage): Promise<CaseResponse>
  controls(stage: Stage, first: CaseResponse): Promise<Controls>
  /** Why the answer is wrong: see `Fault.tells`. */
  explain(response: CaseResponse, controls: Controls): string
}

/** What the cases of a suite know about one target. */
interface Knowledge {
  first?: Promise<CaseResponse>
  controls?: Promise<Controls>
  readonly causes: Set<string>
  /** How many requests were not answered in time. */
  late: number
}

/** From this many late answers on, no more is sent. */
const PATIENCE = 2
/** How many requests a case sends one after the other, at most, in deadlines. */
const LONGEST = 30

export function makeCases(plans: readonly Plan[], suite: Suite): readonly ConformanceCase[] {
  const known = new Map<Target, Knowledge>()

  function about(target: Target): Knowledge {
    const knowledge = known.get(target) ?? { causes: new Set(), late: 0 }
    known.set(target, knowledge)
    return knowledge
  }

  return plans.map((plan) => {
    const send = (target: Target): Promise<CaseResult> =>
      quietly(() => play(plan, suite, about(target), target))
    return {
      id: plan.id,
      name: plan.name,
      expectStatus: plan.expect.status,
      expectCode: suite.codes ? plan.expect.code : null,
      timeout: suite.deadline * LONGEST + 1_000,
      send,
      async run(target) {
        const { finding } = await send(target)
        if (!finding) return undefined
        if (finding.severity === 'strictness' && !suite.strict) return finding
        const { causes } = about(target)
        const follows = causes.has(causeOf(finding))
        causes.add(causeOf(finding))
        throw findingError(finding, suite.where, follows)
      },
    }
  })
}

async function play(
  plan: Plan,
  suite: Suite,
  knowledge: Knowledge,
  target: Target,
): Promise<CaseResult> {
  if (knowledge.late >= PATIENCE) return notSent(plan)
  const stage = await openStage(target, suite)
  try {
    const first = await (knowledge.first ??= suite.anonymous(stage))
    if (isLate(first)) knowledge.late++
    const { response, fault, otherwise } = await outcomeOf(() => plan.play(stage))
    if (fault) return { response, finding: findingOf(plan, response, fault) }
    if (suite.isDue(response)) return { response, finding: null }
    if (isLate(response)) knowledge.late++
    if (response.failure !== null) {
      const tells = suite.explain(response, { first, anonymous: first, valid: response })
      return { response, finding: findingOf(plan, response, { tells }) }
    }
    const controls = await (knowledge.controls ??= suite.controls(stage, first))
    const isSpecial = otherwise && isPlainDue(response, controls, suite)
    const cause = isSpecial ? otherwise : { tells: suite.explain(response, controls) }
    return { response, finding: findingOf(plan, response, cause) }
  } finally {
    await stage.close()
  }
}

/** True where the same request by itself, without what the case is about, is answered as it should be. */
function isPlainDue(response: CaseResponse, controls: Controls, suite: Suite): boolean {
  const { valid, anonymous } = controls
  if (response.due.code === null) return suite.isDue(valid)
  return succeeded(response) && !succeeded(anonymous)
}

/** A wrong answer ends the case: it decides. */
async function outcomeOf(run: () => Promise<CaseResponse>): Promise<Outcome> {
  try {
    return new Outcome(await run())
  } catch (outcome) {
    if (outcome instanceof Outcome) return outcome
    throw outcome
  }
}

function isLate({ failure }: CaseResponse): boolean {
  return /within \d+ ms/.test(failure ?? '')
}

function notSent({ expect }: Plan): CaseResult {
  const sent = 'nothing: the app did not answer earlier requests'
  const response = unanswered('not sent', { method: '', sent, due: expect })
  return { response, finding: findingOf({}, response, { tells: NEVER_ANSWERS }) }
}

function findingOf(
  { severity = 'a way in' }: Pick<Plan, 'severity'>,
  response: CaseResponse,
  fault: Fault,
): Finding {
  const { due, sent } = response
  const meaning = due.code !== null && succeeded(response) ? severity : 'a broken promise'
  const [means = '', fix = ''] = fault.tells.split(' → ')
  const received = fault.received ?? `${receivedText(response)}; expected ${dueText(due)}`
  return { severity: fault.severity ?? meaning, sent, received, means, fix }
}

interface Due {
  readonly codes: boolean
  /** Whether a request was let in. */
  accepts(response: CaseResponse): boolean
  /** Whether an answer to a visitor is a refusal, too. */
  acceptRefusal: ((response: CaseResponse) => boolean) | undefined
  /** The code that is due where no user is known. */
  readonly anonymous: string | null
}

/** A bad credential may be refused with these by an app with answers of its own. */
const REFUSALS = [400, 401, 403]

/** Whether an answer is the expected one. */
export function dueBy({ codes, accepts, acceptRefusal, anonymous }: Due): Setting['isDue'] {
  return (response) => {
    const { due, status, code, method, failure } = response
    if (failure !== null) return false
    if (due.code === null) return accepts(response)
    if (due.code === anonymous && acceptRefusal?.(response)) return true
    if (!codes) return status === due.status || (due.status < 500 && REFUSALS.includes(status))
    return status === due.status && (method === 'HEAD' || code === due.code)
  }
}
