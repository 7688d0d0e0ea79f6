import type { Portal, Verified } from '@countersign/core'
import type { CaseResponse } from '../cases/response'
import type { Ask, Stage } from '../cases/stage'
import { dueFor } from '../defects/defect'
import { sentRequest } from '../minting/outgoing'
import { verify } from '../minting/view'
import { withSession, type Session, type SignEndpointCaseOptions } from './options'
import { notAReply, refusedByPortal, replyForm, type Reply } from './reply'

export const UNAUTHENTICATED = dueFor('unauthenticated')
export const CROSS_SITE = dueFor('csrf_rejected')

/** A sign endpoint with everything that its cases need to know. */
export interface SignWorld {
  readonly portal: Portal
  readonly options: SignEndpointCaseOptions
  readonly method: string
  /** A request of a signed-out visitor. */
  signedOut(change?: Change): Ask
  /** A request of a signed-in user. @param session @default `asUser` */
  signedIn(change?: Change, session?: Session): Promise<Ask>
  /** The answer to a signed-in user, which must sign. */
  plain(stage: Stage, session?: Session): Promise<CaseResponse>
  /** What the endpoint has signed. @throws Outcome for anything that is not a reply */
  replied(stage: Stage, response: CaseResponse): Reply
  /** The user that the portal reads from a reply. @throws Outcome where it refuses the reply */
  vouched(stage: Stage, response: CaseResponse): Promise<Verified>
}

export type Change = Partial<Pick<Ask, 'method' | 'query' | 'headers' | 'body' | 'path'>>

export function signWorldOf(portal: Portal, options: SignEndpointCaseOptions): SignWorld {
  const { method = 'POST', asUser, respond } = options
  const form = replyForm(portal, respond)
  const signedOut = (change: Change = {}): Ask => ({ method, query: '', headers: [], ...change })
  const world: SignWorld = {
    portal,
    options,
    method,
    signedOut,
    signedIn: (change, session = asUser) => withSession(signedOut(change), session),
    plain: async (stage, session) =>
      stage.pass(
        await world.signedIn({}, session),
        session ? 'another signed-in user' : 'a signed-in user',
      ),
    replied(stage, response) {
      const reply = form.read(response)
      return typeof reply === 'string' ? stage.fault(response, notAReply(reply)) : reply
    },
    async vouched(stage, response) {
      const result = await verify(sentRequest(world.replied(stage, response)), portal, options)
      return result.ok ? result.value : stage.fault(response, refusedByPortal(result.error.code))
    },
  }
  return world
}
