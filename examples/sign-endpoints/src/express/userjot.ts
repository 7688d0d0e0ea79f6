import { signEndpoint, userjot } from '@countersign/express'
import { Router } from 'express'
import { currentUser } from '../current-user'

// Project settings, signed identity: the id of the project and the secret.
const portal = userjot({
  projectId: process.env['USERJOT_PROJECT_ID'],
  secret: process.env['USERJOT_SECRET'],
})

/** The widget takes the `token` of the first route. The board's own login leads to the second. */
export const userjotRoutes: Router = Router()
  .post(
    '/api/userjot/sign',
    signEndpoint(portal, {
      user: currentUser,
    }),
  )
  .get(
    '/userjot/login',
    signEndpoint(portal, {
      user: currentUser,
      respond: 'redirect',
      signedOut: '/login',
    }),
  )
