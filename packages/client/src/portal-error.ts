/**
 * - `signed_out`: the application does not know its user, so offer its login
 * - `blocked`: the browser opened no tab, so offer a link or the form
 * - `network`: the sign endpoint or the portal gave no usable response
 * - `closed`: the user closed the tab before the portal was there
 */
export type PortalErrorCode = 'signed_out' | 'blocked' | 'network' | 'closed'

/** Why the user has not reached the portal. */
export class PortalError extends Error {
  override readonly name = 'PortalError'
  readonly code: PortalErrorCode

  constructor(code: PortalErrorCode, cause?: unknown) {
    super(code, { cause })
    this.code = code
  }
}
