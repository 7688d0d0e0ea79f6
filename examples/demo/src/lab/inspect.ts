import {
  REJECTIONS,
  isRejection,
  type Portal,
  type ReplayStore,
  type Verification,
} from '@countersign/core'
import { explain, requestOf, type Explanation } from '@countersign/explain'
import { envelopeOf, runChecks, type Check } from './checks'

/** All that the page shows about what travels. */
export interface Inspection {
  readonly checks: readonly Check[]
  readonly answer: Answer
  readonly explanation: Explanation
  /** What the signature covers, as text; `null` where the credential cannot be taken apart. */
  readonly signingInput: string | null
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
  const request = requestOf(text, portal)
  const { checks, result } = await runChecks(request, portal, replayStore)
  const explanation = await explain(text, { portal, secret, replayStore })
  const pieces = (await envelopeOf(request, portal))?.input.map((piece) => Buffer.from(piece))
  const signingInput = pieces ? Buffer.concat(pieces).toString('utf8') : null
  return { checks, answer: answerOf(result), explanation, signingInput }
}

function answerOf(result: Verification): Answer {
  if (result.ok) {
    const { id, name } = result.value.user
    const title = id === null ? 'Accepted' : `Accepted: ${name ?? id}`
    return { accepted: true, status: 200, publicCode: null, title, logCode: null, detail: '' }
  }
  if (!isRejection(result.error)) throw result.error
  const { code, status, message, detail } = result.error
  const { publicCode } = REJECTIONS[code]
  return { accepted: false, status, publicCode, title: message, logCode: code, detail }
}
