import type { PortalAuth, PortalUser } from '@countersign/core'
import type { DefaultState } from 'koa'

/** What a guard leaves in `ctx.state`. */
export interface PortalState<User extends PortalUser = PortalUser> extends DefaultState {
  /** The verified user; `undefined` where an optional guard let a stranger in. */
  portalUser?: User | undefined
  /** How we know. */
  portalAuth?: PortalAuth | undefined
}

/** Any Koa context behind a guard. */
export interface PortalContext<User extends PortalUser> {
  readonly req: object
  readonly state: PortalState<User>
}
