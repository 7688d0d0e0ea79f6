import { featkit, signEndpoint } from '@countersign/koa'
import { Router } from '@koa/router'
import { currentUser } from '../current-user'

// Project Settings: the slug is under General, the secret under Signed Links.
const portal = featkit({
  slug: process.env['FEATKIT_SLUG'],
  secret: process.env['FEATKIT_SECRET'],
})

/** The page calls this and opens the `url` that it answers: `window.open(url)`. */
export const featkitRoutes: Router = new Router().post(
  '/api/featkit/sign',
  signEndpoint(portal, {
    user: currentUser,
    expiresIn: 4 * 3600, // a day at the most; FeatKit advises one to four hours
  }),
)
