import { discourseConnect, signEndpoint } from '@countersign/express'
import { Router } from 'express'
import { namedUser } from '../current-user'

// The forum, and its setting `discourse connect secret`.
const portal = discourseConnect({
  baseUrl: process.env['DISCOURSE_URL'],
  secret: process.env['DISCOURSE_SECRET'],
})

/** The forum's setting `discourse connect url`: it sends its visitors here, and they go back signed in. */
export const discourseRoutes: Router = Router().get(
  '/discourse/sso',
  signEndpoint(portal, {
    user: namedUser,
    respond: 'redirect',
    signedOut: '/login',
  }),
)
