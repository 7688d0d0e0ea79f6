import { canny, signEndpoint } from '@countersign/koa'
import { Router } from '@koa/router'
import { namedUser } from '../current-user'

// Company settings, Single Sign-On: the id of the company and the key.
const portal = canny({
  companyId: process.env['CANNY_COMPANY_ID'],
  secret: process.env['CANNY_SECRET'],
})

/** The widget's `ssoToken` is the `token` of the first route. Canny's own login leads to the second. */
export const cannyRoutes: Router = new Router()
  .post(
    '/api/canny/sign',
    signEndpoint(portal, {
      user: namedUser,
    }),
  )
  .get(
    '/canny/login',
    signEndpoint(portal, {
      user: namedUser,
      respond: 'redirect',
      signedOut: '/login',
    }),
  )
