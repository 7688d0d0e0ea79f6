import type { Plan } from '../cases/case'
import type { Fault } from '../cases/finding'
import type { CaseResponse } from '../cases/response'
import type { Ask, Stage } from '../cases/stage'
import { dueFor } from '../defects/defect'
import { LET_IN, type Expectation } from '../minting/request'
import { changed } from './faults'
import { withSession } from './options'
import { isLike, signedBy, type Endpoint, type Signed } from './reply'

/** A request of a case. */
export interface Request {
  /** In words. */
  readonly what: string
  readonly by: 'visitor' | 'user' | 'other'
  /** What is different from a plain request. */
  readonly change?: Partial<Ask>
  /** Replaces the headers, those that `asUser` has added as well. */
  readonly reheader?: (headers: Ask['headers']) => Ask['headers']
  /** `null` where the app may answer as it likes, but must sign nothing else. */
  readonly due: Expectation | null
  /** What it means that the answer is another one, or that another user is signed. */
  readonly fault?: Fault
}

export const UNAUTHENTICATED = dueFor('unauthenticated')
export const CROSS_SITE = dueFor('csrf_rejected')
export const SIGNED_IN: Request = { what: 'a signed-in user', by: 'user', due: LET_IN }
const visitor = { what: 'a signed-out visitor', by: 'visitor' } as const
export const SIGNED_OUT: Request = { ...visitor, due: UNAUTHENTICATED }

/** One thing that a sign endpoint must do. */
export interface Case {
  readonly id: string
  /** Completes the sentence "it …". */
  readonly name: string
  /** Sent in this order. @param host of the app */
  readonly requests: readonly Request[] | ((host: string) => readonly Request[])
  /**
   * What is wrong with an answer besides its status and code.
   * @param signed what it signs
   */
  readonly wrong: (response: CaseResponse, signed: Signed | undefined) => Fault | null | undefined
}

export async function askOf({ method, options }: Endpoint, request: Request): Promise<Ask> {
  const plain = { method, query: '', headers: [], ...request.change }
  if (request.by === 'visitor') return plain
  const { asUser, asOther = asUser } = options
  const ask = await withSession(plain, request.by === 'user' ? asUser : asOther)
  return { ...ask, headers: request.reheader?.(ask.headers) ?? ask.headers }
}

export function planOf(endpoint: Endpoint, { id, name, requests, wrong }: Case): Plan {
  const all = typeof requests === 'function' ? requests : () => requests
  const expect = all('localhost').findLast(({ due }) => due)?.due ?? LET_IN
  async function play(stage: Stage): Promise<CaseResponse> {
    let first: Signed | undefined
    let decisive: CaseResponse | undefined
    for (const request of all(stage.host)) {
      const { what, due, fault } = request
      const response = await stage.send(await askOf(endpoint, request), what, due ?? LET_IN)
      if (due) decisive = stage.expect(response, fault)
      const signs = due ? due === LET_IN : first && isLike(first.response, response)
      const signed = signs ? await signedBy(response, endpoint, stage) : undefined
      const change = first && signed && changed(first, signed, request, endpoint)
      stage.look(response, change ?? wrong(response, signed) ?? null)
      first ??= signed
    }
    return decisive as CaseResponse // each case has one
  }
  return { id, name, expect, play }
}
