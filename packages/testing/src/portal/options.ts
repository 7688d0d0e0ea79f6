import type { GuardOptions } from '@countersign/core'
import type { AppCaseOptions } from '../cases/options'
import type { CaseResponse } from '../cases/response'
import type { GuardFacts } from '../defects/defect'

/** The options of `describePortal` and `portalCases`. Those of the guard decide how it must answer. */
export interface PortalCaseOptions<Input = unknown>
  extends AppCaseOptions, GuardFacts, Pick<GuardOptions, 'mode' | 'rejections' | 'consume'> {
  /** The user that the cases sign. @default a user with an id, an e-mail address and a name */
  readonly user?: Input | undefined
  /** Another user. @default the same with another id, e-mail address and name */
  readonly other?: Input | undefined
  /** Other methods that anyone may use on this route. @default none */
  readonly publicMethods?: readonly string[] | undefined
  /** Lifetime of the credentials, in seconds. @default the portal's own */
  readonly expiresIn?: number | undefined
  /** What the route expects in the body, where the credential is not there: JSON, text or bytes. */
  readonly body?: unknown
  /** Whether a used credential must be refused. @default what the scheme says */
  readonly singleUse?: boolean | undefined
  /** Whether leniency fails a case, or is a warning. @default true unless `codes` is false */
  readonly strict?: boolean | undefined
  /** Send all defects and not about 40, for apps that verify without our guard. @default false */
  readonly thorough?: boolean | undefined
  /** Whether a request was let in. @default 200 to 299, and a redirect to another page */
  readonly accepts?: ((response: CaseResponse) => boolean) | undefined
  /** The id of the user that the handler saw, read from its answer; `null` for none. */
  readonly whoami?: ((response: CaseResponse) => unknown) | undefined
}

/** All names above, and the other options of a guard, which have no meaning here. */
export const PORTAL_OPTIONS =
  'mode rejections consume bearer replayStore nonceRetention now user other method publicMethods ' +
  'tenant expiresIn headers body singleUse codes strict thorough accepts acceptRefusal whoami ' +
  'deadline stripCredential onVerified onRejected onRotatedKey clockTolerance maxLifetime ' +
  'storeDeadline allowShortSecret allowSecretReuse'
