import type { GuardOptions } from '@countersign/core'
import type { CaseResponse } from '../cases/response'
import type { WireHeader } from '../minted'
import type { Target } from '../wire/target'

/** The options of the guard that decide what it must answer: what the guard was given will do. */
type GuardFacts = Pick<
  GuardOptions,
  'mode' | 'rejections' | 'consume' | 'bearer' | 'replayStore' | 'nonceRetention' | 'now'
>

export interface PortalCaseOptions<Input = unknown> extends GuardFacts {
  /**
   * Whom the cases sign.
   * @default somebody with an id, an e-mail address and a name
   */
  readonly user?: Input | undefined
  /**
   * Somebody else.
   * @default the same with another id and another e-mail address
   */
  readonly other?: Input | undefined
  /**
   * The method of the route.
   * @default POST where a credential is used up or has a body, else GET
   */
  readonly method?: string | undefined
  /**
   * Other methods that the same guard watches on this route.
   * @default none
   */
  readonly methods?: readonly string[] | undefined
  /** Whom credentials are for, where the portal was made without that id. */
  readonly tenant?: string | undefined
  /** Life of the credentials, in seconds. @default the portal’s own */
  readonly expiresIn?: number | undefined
  /** What each request needs besides: a `Host`, an API key. */
  readonly headers?: Readonly<Record<string, string>> | readonly WireHeader[] | undefined
  /** What the route wants in its body, where the credential is not there: JSON, or bytes as they are. */
  readonly body?: unknown
  /**
   * A used credential is refused.
   * @default what the scheme says: true for Harlyy, for fdback where there is a `replayStore`
   */
  readonly singleUse?: boolean | undefined
  /**
   * Refusals are problem documents with a code. Without, only their status is looked at.
   * @default true unless `rejections` is `forward`
   */
  readonly codes?: boolean | undefined
  /**
   * Whether a request got through.
   * @default any status from 200 to 399
   */
  readonly accepts?: ((response: CaseResponse) => boolean) | undefined
  /** The id of the user that the handler saw, taken from its answer; `null` for nobody. */
  readonly whoami?: ((response: CaseResponse) => unknown) | undefined
  /** Other processes, or servers, of the same deployment. */
  readonly also?: readonly Target[] | undefined
  /**
   * How long the app may take for each answer, in milliseconds.
   * @default 4000
   */
  readonly deadline?: number | undefined
}

/** What makes one user another, where nobody says who that is. */
const OTHER = { id: 'countersign-user-2', email: 'grace@example.com' }

export const SOMEBODY = { id: 'countersign-user-1', email: 'ada@example.com', name: 'Ada Lovelace' }

/** The same user with another identity, in the properties that it has. */
export function somebodyElse(user: unknown): unknown {
  const own = user as Readonly<Record<string, unknown>> // any input is an object
  const changes = Object.entries(OTHER).filter(([name]) => Object.hasOwn(own, name))
  return { ...own, ...Object.fromEntries(changes) }
}

export function headerList(headers: PortalCaseOptions['headers'] = []): readonly WireHeader[] {
  return Array.isArray(headers) ? (headers as readonly WireHeader[]) : Object.entries(headers)
}

export function bodyBytes(body: unknown): Uint8Array | undefined {
  if (body === undefined || body instanceof Uint8Array) return body
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body), 'utf8')
}
