import { ConfigError } from '@countersign/core'
import type { Severity } from '../defects/defect'
import { openTarget, type Target } from '../http/target'
import { explain, NEVER_ANSWERS, silence } from './explain'
import {
  brokenPromise,
  linesOf,
  teller,
  type Controls,
  type Fault,
  type Finding,
  type Tell,
} from './finding'
import { receivedText, succeeded, type CaseResponse } from './response'
import { isDue, Outcome, pathOf, Stage, type Suite } from './stage'

/** One thing that an app must do, as data for any test runner. */
export interface ConformanceCase {
  /** Stays the same from version to version. */
  readonly id: string
  /** Completes the sentence "it …". */
  readonly name: string
  /** How long the case may take, in milliseconds: for runners that take a timeout. */
  readonly timeout: number
  /** Rejects with an error that has a `finding`; resolves to one that is only a warning. */
  run(target: Target): Promise<Finding | undefined>
}

/** What a case does. @typeParam World what the cases know about the app */
export interface Case<World> {
  readonly id: string
  readonly name: string
  /** What it means that a request of this case is let in although it must be refused. */
  readonly severity?: Severity
  /** @default for every app */
  readonly when?: ((world: World) => boolean) | undefined
  /** Ends with an `Outcome` where something is wrong. */
  play(stage: Stage, world: World): Promise<unknown>
}

/** What the cases of a list know about one target. */
interface Knowledge {
  readonly target: Target
  first?: Promise<CaseResponse>
  controls?: Promise<Controls>
  readonly tell: Tell
  /** How many requests were not answered in time. */
  late: number
}

/** From this many late answers on, no more is sent. */
const PATIENCE = 2
/** How many requests a case sends one after the other, at most, in deadlines. */
const LONGEST = 45

export function makeCases<World>(
  cases: readonly Case<World>[],
  world: World,
  suite: Suite,
): readonly ConformanceCase[] {
  const known = new Map<Target, Knowledge>()

  async function run(each: Case<World>, target: Target): Promise<Finding | undefined> {
    const knowledge = known.get(target) ?? { target, tell: teller(suite.where), late: 0 }
    known.set(target, knowledge)
    const finding = await quietly(() => findingOf(each, world, suite, knowledge)).catch(mistakeIn)
    if (!finding || (finding.severity === 'strictness' && !suite.strict)) return finding
    throw knowledge.tell(finding)
  }

  return cases
    .filter(({ when }) => when?.(world) !== false)
    .map((each) => ({
      id: each.id,
      name: each.name,
      timeout: (suite.deadline ?? 4_000) * LONGEST + 1_000,
      run: (target) => run(each, target),
    }))
}

async function findingOf<World>(
  { play, severity }: Case<World>,
  world: World,
  suite: Suite,
  knowledge: Knowledge,
): Promise<Finding | undefined> {
  if (knowledge.late >= PATIENCE) return NOT_SENT
  const opened = await openTarget(knowledge.target, suite.deadline ?? 4_000)
  const stage = new Stage(opened, suite)
  try {
    const first = await (knowledge.first ??= suite.visit(stage))
    if (isLate(first)) knowledge.late++
    const outcome = await play(stage, world).then(() => undefined, wrongOutcome)
    if (!outcome) return undefined
    const { response, fault } = outcome
    if (isLate(response)) knowledge.late++
    const { due, sent } = response
    const { tells, ...special } = fault ?? (await causeIn(outcome, stage, suite, knowledge))
    const isLetIn = due.code !== null && suite.isWayIn(response)
    const meaning = isLetIn ? (severity ?? 'a way in') : 'a broken promise'
    const expected = due.code === null ? 'a request that is let in' : `${due.status} "${due.code}"`
    const received = special.received ?? `${receivedText(response)}; expected ${expected}`
    return { severity: special.severity ?? meaning, sent, received, ...linesOf(tells) }
  } finally {
    await opened.close()
  }
}

/** Compares a wrong answer with those to plain requests. */
async function causeIn(
  { response, otherwise }: Outcome,
  stage: Stage,
  suite: Suite,
  knowledge: Knowledge,
): Promise<Fault> {
  const silent = silence(response)
  if (silent !== undefined) return { tells: silent }
  knowledge.controls ??= suite.compare(stage)
  const first = (await knowledge.first) as CaseResponse // it was sent
  const facts = { response, path: pathOf(suite.route), first, ...(await knowledge.controls) }
  const { valid, anonymous } = facts
  const isPlainDue =
    response.due.code === null
      ? response.status < 500 && isDue(valid, suite)
      : succeeded(response) && !succeeded(anonymous)
  return (isPlainDue && otherwise) || explain(facts, suite)
}

/** A wrong answer ends the case: it decides. */
function wrongOutcome(outcome: unknown): Outcome {
  if (outcome instanceof Outcome) return outcome
  throw outcome
}

/** Each case meets a mistake of the test itself. */
function mistakeIn(error: unknown): Finding {
  if (!(error instanceof ConfigError)) throw error
  const sent = 'nothing: the test cannot work as it is written'
  return brokenPromise(sent, 'no answer', `${error.detail} → ${error.fix}`)
}

function isLate({ failure }: CaseResponse): boolean {
  return /within \d+ ms/.test(failure ?? '')
}

const NOT_SENT = brokenPromise(
  'nothing: the app did not answer earlier requests',
  'no answer',
  NEVER_ANSWERS,
)

const running = new Set<object>()

/** Guards report no refusals meanwhile, unless `COUNTERSIGN_DEBUG` is set to something else. */
async function quietly<Value>(work: () => Promise<Value>): Promise<Value> {
  const { env } = process
  const isOurs = running.size > 0 || env['COUNTERSIGN_DEBUG'] === undefined
  if (!isOurs) return work()
  env['COUNTERSIGN_DEBUG'] = '0'
  running.add(work)
  try {
    return await work()
  } finally {
    running.delete(work)
    if (running.size === 0) delete env['COUNTERSIGN_DEBUG']
  }
}
