import { harlyy } from '@countersign/express'

export const SURVEY_PATH = '/lantern/autumn'

export type SurveyPortal = ReturnType<typeof harlyy>

/** The portal that signs and verifies the links. A second survey needs its own ids and secret. */
export function surveyPortal(env: NodeJS.ProcessEnv): SurveyPortal {
  return harlyy({
    businessId: 'lantern',
    surveyId: 'autumn',
    secret: env['SURVEY_SECRET'],
    baseUrl: env['PUBLIC_URL'] || 'http://localhost:3000',
  })
}
