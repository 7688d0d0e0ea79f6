import { intercom, signEndpoint } from '@countersign/koa'
import { Router } from '@koa/router'
import { currentUser } from '../current-user'

// Messenger security: the secret of the workspace.
const portal = intercom({
  secret: process.env['INTERCOM_SECRET'],
})

/** The page calls this before it boots the Messenger: `intercom_user_jwt: value`. */
export const intercomRoutes: Router = new Router().post(
  '/api/intercom/sign',
  signEndpoint(portal, {
    user: currentUser,
  }),
)
