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
 * The page calls this and opens the `url` that it answers. The link names nobody and counts once.
 * Each call makes another one, so limit the calls of a user: see examples/rate-limited.
 */
export const harlyyRoutes: Router = Router().post(
  '/api/harlyy/sign',
  signEndpoint(portal, {
    user: currentUser,
    expiresIn: 24 * 3600,
  }),
)
