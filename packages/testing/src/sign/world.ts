import type { Portal, Verified } from '@countersign/core'
import type { Kind } from '../cases/case'
import type { CaseResponse } from '../cases/response'
import type { Ask, Stage } from '../cases/stage'
import type { WireHeader } from '../minted'
import { headerList } from '../portal/options'
import { diagnose } from './diagnosis'
import type { SignEndpointCaseOptions } from './options'
import { judged, readReply, type Reply } from './reply'

/** A sign endpoint with all that its cases want to know. */
export interface SignWorld {
  readonly portal: Portal
  readonly options: SignEndpointCaseOptions
  readonly kind: Kind
  readonly method: string
  /** A request of nobody. */
  nobody(change?: Change): Ask
  /** A request of somebody who is signed in. */
  somebody(change?: Change): Promise<Ask>
  /** A reply that is what it should be. @throws Verdict for any other */
  replied(stage: Stage, response: CaseResponse): Reply
  /** Whom the portal takes the bearer of a reply for. @throws Verdict where it takes them for nobody */
  vouched(stage: Stage, response: CaseResponse): Promise<Verified>
}

export type Change = Partial<Pick<Ask, 'method' | 'query' | 'headers' | 'body' | 'path'>>

export function signWorldOf<P extends Portal>(
  given: P,
  route: string,
  options: SignEndpointCaseOptions,
): SignWorld {
  const portal: Portal = given
  const { method = 'POST', asUser, respond = 'json' } = options
  const nobody = (change: Change = {}): Ask => ({ method, query: '', headers: [], ...change })

  function replied(stage: Stage, response: CaseResponse): Reply {
    const reply = readReply(response, portal, respond)
    return typeof reply === 'string' ? stage.fault(response, notAReply(reply)) : reply
  }

  const world: SignWorld = {
    portal,
    options,
    kind: kindOf(route, options, () => world),
    method,
    nobody,
    somebody: async (change) => withSession(nobody(change), asUser),
    replied,
    async vouched(stage, response) {
      const result = await judged(replied(stage, response), portal, options)
      return result.ok ? result.value : stage.fault(response, refusedBy(result.error.code))
    },
  }
  return world
}

async function withSession(ask: Ask, asUser: SignEndpointCaseOptions['asUser']): Promise<Ask> {
  if (typeof asUser === 'function') return { ...ask, ...(await asUser(ask)) }
  const headers: WireHeader[] = Object.entries(asUser)
  return { ...ask, headers: [...ask.headers, ...headers] }
}

function notAReply(what: string) {
  return {
    received: what,
    means: 'a frontend that expects a signed link or request finds none in the answer',
    fix: 'answer with what signEndpoint(portal, …) answers with, and nothing around it; with `respond: "redirect"`, pass that to the cases',
  }
}

function refusedBy(code: string) {
  return {
    received: `a credential that the portal refuses with "${code}"`,
    means:
      'the endpoint signs with another secret, for another id or by another clock than the portal given to the cases; or it signs by itself',
    fix: 'make both with the same secret, ids and `mode`, and pass the endpoint’s `now` to the cases',
  }
}

function kindOf(route: string, options: SignEndpointCaseOptions, world: () => SignWorld): Kind {
  const { headers, codes = true, deadline = 4_000, respond = 'json' } = options
  return {
    route,
    headers: headerList(headers),
    body: undefined,
    also: [],
    deadline,
    codes,
    isDue({ due, status, code, method, failure }) {
      if (failure !== null) return false
      if (due.code === null)
        return respond === 'json' ? status === 200 : status === 302 || status === 303
      return status === due.status && (!codes || method === 'HEAD' || code === due.code)
    },
    controls: (stage) => controlsOf(world(), stage),
    diagnose: (response) => diagnose(world(), response),
  }
}

async function controlsOf({ nobody, somebody }: SignWorld, stage: Stage) {
  return {
    stranger: await stage.send(nobody(), 'nobody'),
    signed: await stage.send(await somebody(), 'somebody who is signed in'),
  }
}
