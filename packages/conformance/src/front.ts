import type {
  GuardOptions,
  Portal,
  PortalAuth,
  PortalUser,
  VerificationError,
} from '@countersign/core'
import type { RawAnswer, RawRequest } from '@countersign/testing'

/** The options of a guard, but for the observers: the front itself looks through them. */
export type FrontOptions = Omit<
  GuardOptions<PortalUser, unknown>,
  'onVerified' | 'onRejected' | 'onRotatedKey' | 'rejections'
>

/** A place where credentials are judged: the core alone, or a framework behind a socket. */
export interface Front {
  readonly name: string
  open(portal: Portal | readonly Portal[], options?: FrontOptions): Promise<OpenFront>
}

export interface OpenFront {
  /** One request at a time: what the app sees is what this request did. */
  send(request: RawRequest): Promise<Answer>
  close(): Promise<void>
  /** What an application holds in its hands: portals, verifier, guard, middleware. */
  readonly parts: readonly object[]
}

export interface Answer {
  readonly status: number
  /** The private code of the error; `null` where the request got through. */
  readonly code: string | null
  readonly error: VerificationError | undefined
  /** What the handler saw; `undefined` where it was not reached. */
  readonly handled: Handled | undefined
  /** Whether an older secret signed. */
  readonly rotated: boolean
  /** What came over the wire; `undefined` where there is no wire. */
  readonly response: RawAnswer | undefined
}

/** What the guard left for the handler behind it. */
export interface Handled {
  readonly user: PortalUser | undefined
  readonly auth: PortalAuth | undefined
  /** Each URL of the request that a later logger could write down, and its parsed query. */
  readonly urls: readonly string[]
}

/** The answer in the words of the data: `200`, or status and private code. */
export function verdictOf({ status, code }: Pick<Answer, 'status' | 'code'>): string {
  return code === null ? String(status) : `${status} ${code}`
}
