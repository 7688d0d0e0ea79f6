import { join } from 'node:path'
import type { GuardOptions } from '@countersign/express'
import express, { type Express, type RequestHandler } from 'express'
import { pageHeaders } from '../browser-safety'
import { boardIn } from '../data/board'
import type { Query } from '../data/database'
import { BOARDS, SURVEY_PATH } from '../formats'
import { toText } from '../html'
import type { Shared } from '../portals'
import { createSession } from '../session'
import { FOLDER } from '../settings'
import { arrival, boardRoutes } from './board-routes'
import { homePage } from './home-page'
import { isEmbedded } from './layout'
import { refusalPages } from './refusal'
import { surveyRoutes } from './survey-routes'
import type { Visitor } from './visitor'

/** The portal: it has no users of its own, and believes what the app has signed. */
export function createPortalSite(shared: Shared, query: Query): Express {
  const { portals, portalOrigin, appOrigin, replayStore, log } = shared
  const cookie = { secret: shared.secrets['portal-session'], origin: portalOrigin }
  const guard: GuardOptions = { rejections: 'forward', replayStore }

  const site = express().disable('x-powered-by')
  site.use('/assets', express.static(join(FOLDER, 'public')))
  site.use(log.record('portal'), headers(appOrigin))
  site.get('/', (_req, res) => {
    res.type('html').send(toText(homePage(appOrigin)))
  })
  for (const format of BOARDS) {
    const [portal, board] = [portals[format.id], boardIn(query, format.id)]
    // a user of one board is not signed in on the next
    const session = createSession<Visitor>({
      ...cookie,
      name: `portal_${format.id}`,
      path: `/${format.theme}`,
      lifetime: 3600,
      inFrame: format.flow === 'frame',
    })
    const own = { format, portal, board, session, guard, appOrigin, portalOrigin }
    site.use(format.board, boardRoutes(own))
    if (format.flow === 'form') site.all(format.path, arrival(own))
  }
  const answered = createSession({
    ...cookie,
    name: 'portal_answered',
    path: SURVEY_PATH,
    lifetime: 300,
  })
  site.use(SURVEY_PATH, surveyRoutes({ portal: portals.harlyy, query, guard, answered, appOrigin }))
  site.use((_req, _res, next) => next({ status: 404 }))
  site.use(refusalPages(appOrigin, log))
  return site
}

/** A board in SeggWat's embedded mode may be in a frame of the app; no other page may. */
function headers(appOrigin: string): RequestHandler {
  const rules = { 'img-src': `'self' ${appOrigin}` }
  const alone = pageHeaders(rules)
  const framed = pageHeaders({ ...rules, 'frame-ancestors': appOrigin })
  return (req, res, next) => {
    res.set(isEmbedded(req) ? framed : alone)
    next()
  }
}
