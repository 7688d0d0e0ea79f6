import { harlyy, signEndpoint } from '@countersign/express'
import { Router } from 'express'
import { currentUser } from '../current-user'

// Survey builder, Settings, Additional Settings: the signing secret of this survey.
const portal = harlyy({
  businessId: process.env['HARLYY_BUSINESS_ID'],
  surveyId: process.env['HARLYY_SURVEY_ID'],
  secret: process.env['HARLYY_SECRET'],
})

/**
 * A form of the page posts here, and its tab is redirected to the survey. The link contains no user and
 * can be used once. Each call makes a new link, so limit the calls of each user: see
 * examples/rate-limited.
 */
export const harlyyRoutes: Router = Router().all(
  '/api/harlyy/sign',
  signEndpoint(portal, {
    user: currentUser,
    respond: 'redirect',
    signedOut: '/login',
    expiresIn: 24 * 3600,
  }),
)
