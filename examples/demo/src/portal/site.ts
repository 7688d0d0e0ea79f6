import { join } from 'node:path'
import type { GuardOptions, ReplayStore } from '@countersign/express'
import express, { type Express, type RequestHandler } from 'express'
import { oneAddress, ownPagesOnly, pageHeaders } from '../browser-safety'
import { boardIn } from '../data/board'
import type { Query } from '../data/database'
import { FOLDER } from '../folder'
import type { Format } from '../formats'
import { toText } from '../html'
import type { Portals } from '../portals'
import type { RequestLog } from '../request-log'
import { createSession, type Session } from '../session'
import type { Secrets } from '../settings'
import { arrival } from './arrival'
import { boardRoutes } from './board-routes'
import { isEmbedded } from './embedding'
import { homePage } from './home-page'
import { NotFound } from './not-found'
import { BOARDS, SURVEY_PATH } from './places'
import { refusalPages } from './refusal'
import { surveyRoutes } from './survey-routes'
import type { Visitor } from './visitor'

export interface PortalSiteOptions {
  readonly portals: Portals
  /** Where browsers reach this site. */
  readonly portalOrigin: string
  /** Whether that is another machine's name, which a proxy may not pass on. */
  readonly isPublic: boolean
  /** The site whose users come here, and whose pages may frame a board. */
  readonly appOrigin: string
  readonly query: Query
  readonly replayStore: ReplayStore
  readonly secrets: Secrets
  readonly log: RequestLog
}

/** The portal: it has no users of its own, and believes what the app has signed. */
export function createPortalSite(options: PortalSiteOptions): Express {
  const { portals, portalOrigin, isPublic, appOrigin, log } = options
  const { query, replayStore } = options
  const guard: GuardOptions = { rejections: 'forward', replayStore }

  const site = express().disable('x-powered-by')
  site.use('/assets', express.static(join(FOLDER, 'public')))
  if (!isPublic) site.use(oneAddress(portalOrigin))
  site.use(log.record('portal'), headers(appOrigin))
  site.get('/', (_req, res) => {
    res.type('html').send(toText(homePage(appOrigin)))
  })
  for (const format of BOARDS) {
    const session = sessionOf(format, options)
    const [portal, board] = [portals[format.key], boardIn(query, format.id)]
    const own = { ownPagesOnly: ownPagesOnly(portalOrigin), appOrigin }
    site.use(format.board, boardRoutes({ format, portal, board, session, guard, ...own }))
    if (format.flow === 'form') site.all(format.path, arrival({ format, portal, session, guard }))
  }
  const answered = answeredSession(options)
  const survey = surveyRoutes({ portal: portals.harlyy, query, guard, answered, appOrigin })
  site.use(SURVEY_PATH, survey)
  site.use(() => {
    throw new NotFound()
  })
  site.use(refusalPages(appOrigin, log))
  return site
}

/** Each board has its own session: a user of one board is not signed in on the next. */
function sessionOf(
  { id, flow, theme }: Format,
  { secrets, portalOrigin }: PortalSiteOptions,
): Session<Visitor> {
  return createSession({
    name: `portal_${id}`,
    path: `/${theme}`,
    secret: secrets.portalSession,
    lifetime: 3600,
    shown: flow === 'frame' ? 'frame' : 'top',
    https: portalOrigin.startsWith('https:'),
  })
}

function answeredSession({ secrets, portalOrigin }: PortalSiteOptions): Session<object> {
  return createSession({
    name: 'portal_answered',
    path: SURVEY_PATH,
    secret: secrets.portalSession,
    lifetime: 300,
    https: portalOrigin.startsWith('https:'),
  })
}

/** A board in SeggWat's embedded mode may be in a frame of the app; no other page may. */
function headers(appOrigin: string): RequestHandler {
  const rules = { pictures: [appOrigin] }
  const alone = pageHeaders(rules)
  const framed = pageHeaders({ ...rules, framedBy: [appOrigin] })
  return (req, res, next) => {
    res.set(isEmbedded(req) ? framed : alone)
    next()
  }
}
