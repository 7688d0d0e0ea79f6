import { REJECTIONS, isRejection, type Portal, type ReplayStore } from '@countersign/core'
import { explain, requestOf, type Explanation } from '@countersign/explain'
import { detailOf, runChecks, type Check } from './checks'

/** All that the page shows about what travels. */
export interface Inspection {
  readonly checks: readonly Check[]
  readonly answer: Answer
  readonly explanation: Explanation
}

/** What the portal answers, and what only its log gets. */
export interface Answer {
  readonly accepted: boolean
  readonly status: number
  readonly publicCode: string | null
  readonly title: string
  readonly logCode: string | null
  readonly detail: string
}

export interface InspectContext {
  readonly portal: Portal
  readonly secret: string
  readonly replayStore: ReplayStore
}

/** @param text a URL or a request, as it travels */
export async function inspect(
  text: string,
  { portal, secret, replayStore }: InspectContext,
): Promise<Inspection> {
  const { checks, result } = await runChecks(requestOf(text, portal), portal, replayStore)
  const explanation = await explain(text, { portal, secret, replayStore })
  if (result.ok) {
    const { user } = result.value
    const title = user.id === null ? 'Accepted' : `Accepted: ${user.name ?? user.id}`
    const answer = {
      accepted: true,
      status: 200,
      publicCode: null,
      title,
      logCode: null,
      detail: '',
    }
    return { checks, answer, explanation }
  }
  if (!isRejection(result.error)) throw result.error
  const { code, status, message } = result.error
  const { publicCode } = REJECTIONS[code]
  const detail = detailOf(result.error)
  const answer = { accepted: false, status, publicCode, title: message, logCode: code, detail }
  return { checks, answer, explanation }
}
