import { harlyy } from '@countersign/express'

export const SURVEY_PATH = '/lantern/autumn'

export type SurveyPortal = ReturnType<typeof harlyy>

/** What the links are signed for and verified by. A second survey has ids and a secret of its own. */
export function surveyPortal(env: NodeJS.ProcessEnv): SurveyPortal {
  return harlyy({
    businessId: 'lantern',
    surveyId: 'autumn',
    secret: env['SURVEY_SECRET'],
    baseUrl: env['PUBLIC_URL'] || 'http://localhost:3000',
  })
}
