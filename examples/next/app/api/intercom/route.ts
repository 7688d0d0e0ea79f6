import { signEndpoint } from '@countersign/fetch'
import { chat } from '../../../lib/portal'
import { sessionUser } from '../../../lib/session'

/** The page calls this, and boots the Messenger with `intercom_user_jwt: value`. */
export const POST = signEndpoint(chat, { user: sessionUser })
