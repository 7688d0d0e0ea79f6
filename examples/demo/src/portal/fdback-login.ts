import { getPortalUser, requireSignedUser, type GuardOptions } from '@countersign/express'
import type { RequestHandler } from 'express'
import type { Portals } from '../portals'
import type { Session } from '../session'
import { visitorOf, type Visitor } from './visitor'

export interface FdbackLogin {
  readonly portal: Portals['fdback']
  readonly session: Session<Visitor>
  readonly guard: GuardOptions
  /** Where the board is. */
  readonly boardUrl: string
}

/**
 * Where the app's page posts a signed request: as a form, or with its headers. A form is a
 * navigation, so the browser keeps the cookie of this site; after a `fetch` from another site it
 * may not.
 */
export function fdbackLogin(login: FdbackLogin): readonly RequestHandler[] {
  const { portal, session, guard, boardUrl } = login
  return [
    requireSignedUser(portal, guard),
    (req, res) => {
      const user = visitorOf(getPortalUser(req), req.portalAuth!, session.read(req)) // the guard has set it
      session.start(res, user)
      res.redirect(303, boardUrl)
    },
  ]
}
