import type { PortalAuth, PortalUser } from '@countersign/core'
import type { DefaultState } from 'koa'

/** What a guard sets in `ctx.state`. */
export interface PortalState<User extends PortalUser = PortalUser> extends DefaultState {
  /** The verified user; `undefined` where an optional guard let an anonymous request pass. */
  portalUser?: User | undefined
  /** What was verified beside the user: scheme, tenant, key, times, nonce. */
  portalAuth?: PortalAuth | undefined
}

/** Any Koa context behind a guard. */
export interface PortalContext<User extends PortalUser> {
  readonly req: object
  readonly state: PortalState<User>
}
