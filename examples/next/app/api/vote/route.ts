import { requireSignedUser } from '@countersign/fetch'
import { portal } from '../../../lib/portal'

/** The portal's side, for requests that contain the signed token. */
export const POST = requireSignedUser(portal)((_request, { portalUser }) =>
  Response.json({ id: portalUser.id }),
)
