import { signEndpoint, zendesk } from '@countersign/koa'
import { Router } from '@koa/router'
import { namedUser } from '../current-user'

// Single sign-on, JWT: the shared secret. The subdomain is the first part of the host.
const portal = zendesk({
  subdomain: process.env['ZENDESK_SUBDOMAIN'],
  secret: process.env['ZENDESK_SECRET'],
})

/** A page posts the `fields` of the first route as a form. The remote login URL is the second, which posts by itself. */
export const zendeskRoutes: Router = new Router()
  .post(
    '/api/zendesk/sign',
    signEndpoint(portal, {
      user: namedUser,
    }),
  )
  .get(
    '/zendesk/login',
    signEndpoint(portal, {
      user: namedUser,
      respond: 'redirect',
      signedOut: '/login',
    }),
  )
