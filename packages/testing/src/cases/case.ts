import type { Expectation } from '../minted'
import { findingError, type Finding } from '../finding'
import type { Target } from '../wire/target'
import type { CaseResponse, Controls, Fault } from './response'
import { openStage, Verdict, type Stage, type StageOptions } from './stage'
import { dueText, receivedText } from './wording'

/** One thing that an app must do, as data for any test runner. */
export interface ConformanceCase {
  /** Stays what it is from version to version. */
  readonly id: string
  /** Finishes the sentence "it …". */
  readonly name: string
  readonly expectStatus: number
  /** `null` where the request must get through, or where the app tells no codes. */
  readonly expectCode: string | null
  /** Sends what the case is about. @returns the answer that decides */
  send(target: Target): Promise<CaseResponse>
  /** What is wrong with such an answer; `null` for nothing. */
  check(response: CaseResponse): Finding | null
  /** Sends and checks. Rejects with what is wrong, in sentences. */
  run(target: Target): Promise<void>
}

/** What a case does. */
export interface Plan {
  readonly id: string
  readonly name: string
  readonly expect: Expectation
  /** Ends with the answer that decides, or earlier with one that is not what it should be. */
  play(stage: Stage): Promise<CaseResponse>
}

/** What the cases of a kind have in common. */
export interface Kind extends StageOptions {
  /** What tells apart why an answer is not what is due. */
  controls(stage: Stage): Promise<Controls>
  /** Why an answer is not what is due. */
  diagnose(response: CaseResponse): Fault
}

export function makeCase({ id, name, expect, play }: Plan, kind: Kind): ConformanceCase {
  const title = `It fails this case: “${name}”`

  async function send(target: Target): Promise<CaseResponse> {
    const stage = await openStage(target, kind)
    try {
      const response = await decided(() => play(stage))
      if (kind.isDue(response) || response.failure !== null) return response
      return { ...response, controls: await kind.controls(stage) }
    } finally {
      await stage.close()
    }
  }

  function check(response: CaseResponse): Finding | null {
    if (response.fault) return findingOf(response, response.fault)
    return kind.isDue(response) ? null : findingOf(response, kind.diagnose(response))
  }

  return {
    id,
    name,
    expectStatus: expect.status,
    expectCode: kind.codes ? expect.code : null,
    send,
    check,
    async run(target) {
      const finding = check(await send(target))
      if (finding) throw findingError(title, finding)
    },
  }
}

/** A step that went wrong ends the play: its answer decides. */
async function decided(play: () => Promise<CaseResponse>): Promise<CaseResponse> {
  try {
    return await play()
  } catch (verdict) {
    if (verdict instanceof Verdict) return verdict.response
    throw verdict
  }
}

function findingOf(response: CaseResponse, { received, means, fix }: Fault): Finding {
  const came = received ?? receivedText(response)
  return {
    sent: response.sent,
    received: response.fault ? came : `${came}; due was ${dueText(response.due)}`,
    means,
    fix,
  }
}
