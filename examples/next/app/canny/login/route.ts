import { signEndpoint } from '@countersign/fetch'
import { feedback } from '../../../lib/portal'
import { sessionUser } from '../../../lib/session'

/** Canny's "log in" button leads here, with the address to return to. */
export const GET = signEndpoint(feedback, {
  user: sessionUser,
  respond: 'redirect',
  signedOut: '/login',
})
