import { featkit, signEndpoint } from '@countersign/express'
import { Router } from 'express'
import { currentUser } from '../current-user'

// Project Settings: the slug is under General, the secret under Signed Links.
const portal = featkit({
  slug: process.env['FEATKIT_SLUG'],
  secret: process.env['FEATKIT_SECRET'],
})

/** A form of the page posts here, and its tab is redirected to the portal. */
export const featkitRoutes: Router = Router().all(
  '/api/featkit/sign',
  signEndpoint(portal, {
    user: currentUser,
    respond: 'redirect',
    signedOut: '/login',
    expiresIn: 4 * 3600, // a day at the most; FeatKit advises one to four hours
  }),
)
