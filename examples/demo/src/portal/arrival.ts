import { exchangeSignedUser, type GuardOptions, type PortalUser } from '@countersign/express'
import type { Request, RequestHandler } from 'express'
import type { Format } from '../formats'
import type { Portals } from '../portals'
import type { Session } from '../session'
import { visitorOf, type Visitor } from './visitor'

export interface Arrival {
  readonly format: Format
  readonly portal: Portals[keyof Portals]
  readonly session: Session<Visitor>
  readonly guard: GuardOptions<PortalUser, Request>
}

/**
 * Where signed users arrive: their credential is checked once and exchanged for a session of the
 * portal's own. From then on the session knows the visitor, and no credential stays in the address.
 */
export function arrival({ format, portal, session, guard }: Arrival): RequestHandler {
  const { board, flow } = format
  const isFrame = flow === 'frame'
  return exchangeSignedUser(portal, {
    ...guard,
    session: isFrame ? 'frame' : 'lax',
    redirectTo: `${board}?${isFrame ? 'embed=true&' : ''}notice=arrived`,
    current: (req) => session.read(req),
    establish(user, req, { portalAuth, link }) {
      session.start(req.res!, visitorOf(user, portalAuth, session.read(req), link)) // Express sets `res`
    },
  })
}
