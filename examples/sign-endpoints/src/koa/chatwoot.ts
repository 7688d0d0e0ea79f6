import { chatwoot, signEndpoint } from '@countersign/koa'
import { Router } from '@koa/router'
import { currentUser } from '../current-user'

// Inbox settings, identity validation: the token. Front, Crisp and others work in the same way.
const portal = chatwoot({
  secret: process.env['CHATWOOT_SECRET'],
})

/** The page calls `setUser(identifier, { identifier_hash: value })`. A hash never expires. */
export const chatwootRoutes: Router = new Router().post(
  '/api/chatwoot/sign',
  signEndpoint(portal, {
    user: currentUser,
  }),
)
