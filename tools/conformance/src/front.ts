import type {
  GuardOptions,
  Portal,
  PortalAuth,
  PortalUser,
  VerificationError,
} from '@countersign/core'
import type { RawAnswer, RawRequest } from './raw-client'

/** The options of a guard without the observers, which the front uses itself. */
export type FrontOptions = Omit<
  GuardOptions<PortalUser, unknown>,
  'onVerified' | 'onRejected' | 'onRotatedKey' | 'rejections'
>

/** A place where credentials are verified: the core alone, or a framework behind a socket. */
export interface Front {
  readonly name: string
  /** Sees each request as a `Request`: without a body for GET and HEAD, and with joined headers. */
  readonly isFetch?: boolean
  open(portal: Portal | readonly Portal[], options?: FrontOptions): Promise<OpenFront>
}

export interface OpenFront {
  /** Sends one request at a time: what the app sees is what this request did. */
  send(request: RawRequest): Promise<Answer>
  close(): Promise<void>
}

export interface Answer {
  readonly status: number
  /** The private code of the error; `null` for an accepted request. */
  readonly code: string | null
  readonly error: VerificationError | undefined
  /** What the handler saw; `undefined` where it was not called. */
  readonly handled: Handled | undefined
  /** Whether an older secret signed. */
  readonly rotated: boolean
  /** What came over the wire; `undefined` for the core alone. */
  readonly response: RawAnswer | undefined
}

/** What the guard left for the handler behind it. */
export interface Handled {
  readonly user: PortalUser | undefined
  readonly auth: PortalAuth | undefined
}

/** The answer as the data writes it: `200`, or status and private code. */
export function outcomeOf({ status, code }: Pick<Answer, 'status' | 'code'>): string {
  return code === null ? String(status) : `${status} ${code}`
}
