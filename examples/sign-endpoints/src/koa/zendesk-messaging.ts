import { signEndpoint, zendeskMessaging } from '@countersign/koa'
import { Router } from '@koa/router'
import { currentUser } from '../current-user'

// Messaging, authentication: the id of the key (app_…) and its secret.
const portal = zendeskMessaging({
  keyId: process.env['ZENDESK_KEY_ID'],
  secret: process.env['ZENDESK_MESSAGING_SECRET'],
})

/** The page calls this in the callback of `zE('messenger', 'loginUser', …)`. */
export const messagingRoutes: Router = new Router().post(
  '/api/messaging/sign',
  signEndpoint(portal, {
    user: currentUser,
  }),
)
