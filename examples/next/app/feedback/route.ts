import { signEndpoint } from '@countersign/fetch'
import { portal } from '../../lib/portal'
import { sessionUser } from '../../lib/session'

/** The app's side: its own page links here. */
export const GET = signEndpoint(portal, {
  user: sessionUser,
  respond: 'redirect',
  signedOut: '/login',
})
