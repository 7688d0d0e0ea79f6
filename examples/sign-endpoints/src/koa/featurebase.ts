import { featurebase, signEndpoint } from '@countersign/koa'
import { Router } from '@koa/router'
import { currentUser } from '../current-user'

// Single Sign-On settings: the key. The organization is the first part of the host.
const portal = featurebase({
  organization: process.env['FEATUREBASE_ORGANIZATION'],
  secret: process.env['FEATUREBASE_SECRET'],
})

/** The SDK's `featurebaseJwt` is the `token` of the first route. Featurebase's login leads to the second. */
export const featurebaseRoutes: Router = new Router()
  .post(
    '/api/featurebase/sign',
    signEndpoint(portal, {
      user: currentUser,
    }),
  )
  .get(
    '/featurebase/login',
    signEndpoint(portal, {
      user: currentUser,
      respond: 'redirect',
      signedOut: '/login',
    }),
  )
