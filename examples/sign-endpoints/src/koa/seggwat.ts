import { seggwat, signEndpoint } from '@countersign/koa'
import { Router } from '@koa/router'
import { currentUser } from '../current-user'

// Project settings, End-User Authentication: use the `mode` that is set there.
const portal = seggwat({
  projectKey: process.env['SEGGWAT_PROJECT_KEY'],
  secret: process.env['SEGGWAT_SIGNING_SECRET'],
  mode: 'hmac',
})

/** The page shows the `url` of the response in an iframe: `embedPortal()` of @countersign/client. */
export const seggwatRoutes: Router = new Router().post(
  '/api/seggwat/sign',
  signEndpoint(portal, {
    user: currentUser,
    embed: true, // leave it out for a link
  }),
)
